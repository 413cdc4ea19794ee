import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchBrowser, openPage } from '../support/browser.ts'
import { DOMAIN, startTestApp } from '../support/test-app.ts'
import { credentialOf } from '../support/tenant-fixtures.ts'

test('the API reference loads nothing from elsewhere, and a credential tries an operation in it', async (t) => {
  const app = await startTestApp(t)
  const page = await openPage(await launchBrowser(t, app), { javaScriptEnabled: true })
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  const { clientId, clientSecret } = credentialOf('acme', 'ada')

  await page.goto('/sallyport/v1/docs')
  const operation = page.locator('#operations-access-matrix-getAccessMatrix')
  await operation.waitFor()
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.locator('#client_id_clientCredentials').first().fill(clientId)
  await page.locator('#client_secret_clientCredentials').first().fill(clientSecret)
  await page.getByRole('button', { name: 'Apply given OAuth2 credentials' }).first().click()
  await page.getByText('Logout').first().waitFor()
  await page.locator('.close-modal').click()
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = operation.locator('.live-responses-table .response').first()

  assert.match(await answer.innerText(), /^200\b[\s\S]*"operationId": "/)
  assert.deepEqual(complaints, [])
  assert.deepEqual(
    asked.filter((url) => !url.startsWith(`http://${DOMAIN}/`) && !url.startsWith('data:')),
    [],
  )
})
