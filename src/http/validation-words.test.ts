import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'

const app = shareTestApp()

async function refusalOf(method: string, path: string, body?: object): Promise<string> {
  const answer = await app().call(method, path, { token: await app().tokenFor('ada'), ...(body && { body }) })
  assert.equal(answer.status, 400, answer.text)
  return answer.json().messages[0].text
}

test('a parameter that a request does not take is named', async () => {
  const text = await refusalOf('GET', '/sallyport/v1/access-matrix?format=csv&limit=3')

  assert.equal(text, 'This request takes no parameter limit.')
})

test('a name that is as long as a book is not said back whole', async () => {
  const text = await refusalOf('GET', `/sallyport/v1/access-matrix?${'x'.repeat(4000)}=1`)

  assert.equal(text, `This request takes no parameter ${'x'.repeat(100)}...`)
})

test('a value that is not one of a few is answered with the few', async () => {
  const text = await refusalOf('GET', '/sallyport/v1/access-matrix?format=pdf')

  assert.match(text, /^Querystring\/format must be one of .*csv/)
})

test('a member that a body does not take is named, with its place', async () => {
  const text = await refusalOf('POST', '/sallyport/v1/explain', { method: 'GET', path: '/v3/x', colour: 'red' })

  assert.equal(text, 'This request takes no member colour.')
})
