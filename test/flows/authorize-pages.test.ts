import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { authorizePath, clients, PKCE, startAuthorizeApp } from '../support/authorize.ts'
import { findAccessibilityFaults, launchBrowser, openPage } from '../support/browser.ts'
import { PASSWORD } from '../support/sign-in.ts'
import { DOMAIN } from '../support/test-app.ts'

const SPA = clients.spa.redirectUris[0]

test('a person signs in, allows and is back at the application, which may lead on elsewhere', async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true })
  const page = await openPage(await launchBrowser(t, app))
  const port = await startApplication(t)
  const redirect_uri = `http://127.0.0.1:${port}/cb`

  await page.goto(authorizePath('desktop', { redirect_uri }))
  await page.getByLabel('Username').fill('grace')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('everything you may do').waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()

  await page.getByRole('heading', { name: 'You are in' }).waitFor()
})

/** An application on this machine, which goes on at another origin once it has its code. */
async function startApplication(t: TestContext): Promise<number> {
  const server = createServer(({ url = '' }, response) => {
    const { port } = server.address() as AddressInfo
    if (/^\/cb\?code=[\w-]{43}&/.test(url)) response.writeHead(302, { location: `http://localhost:${port}/in` }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(url === '/in' ? '<h1>You are in</h1>' : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('the pages between an application and its code meet WCAG 2.2 AA, in light and dark', async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true, settings: { compat: { cliClients: true } } })
  const browser = await launchBrowser(t, app)
  const paste = { client_id: 'sailapps', redirect_uri: `http://${DOMAIN}/sailapps`, ...PKCE }

  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await openPage(browser, { colorScheme })
    const assertAccessible = async (heading: string | RegExp) => {
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      assert.deepEqual(await findAccessibilityFaults(browser, page, colorScheme), [])
    }
    await page.goto(authorizePath('spa', paste))
    await page.getByLabel('Username').fill('grace')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await assertAccessible(/^Let SailPoint CLI act/)
    await page.goto(authorizePath('spa', { redirect_uri: `${SPA}/` }))
    await assertAccessible('This sign-in cannot go on')
    await page.goto(authorizePath('spa', paste))
    await page.getByRole('button', { name: 'Allow' }).click()
    await assertAccessible('Copy this code')
  }
})
