import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerAt,
  authorizePath,
  locationOf,
  openCodeBrowser,
  PKCE,
  startAuthorizeApp,
} from '../../test/support/authorize.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const PASTE_PAGE = `http://${DOMAIN}/sailapps`
const settings = { compat: { cliClients: true } }
const STATE = 'abcdEFGH0123456789-_abcdEFGH0123456789-_xyz'
const commandLine = (changes: Record<string, string>): string =>
  `/oauth/authorize?${new URLSearchParams({ response_type: 'code', state: STATE, ...changes }).toString()}`

test('the command line that cannot listen has its code pasted, with a code to compare', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t, { settings }))
  await browser.signInAs('ada')

  const ask = await browser.follow(commandLine({ client_id: 'sailapps', redirect_uri: PASTE_PAGE, ...PKCE }))
  const answer = await browser.decide(ask, 'allow')
  const page = await browser.get(locationOf(answer).slice(`http://${DOMAIN}`.length))

  const { code } = answerAt(answer, PASTE_PAGE)
  const [, pasted = ''] = /sp1\.([\w-]+)/.exec(page.text) ?? []
  assert.deepEqual(JSON.parse(Buffer.from(pasted, 'base64url').toString()), { v: 1, code, state: STATE })
  assert.match(page.text, /abcd-EFGH/)
  assert.match(ask.text, /a page here/)
  assert.doesNotMatch(page.text, /<script/)
})

test('the older command line needs no PKCE, for its code goes to this machine or to our own page', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t, { settings }))
  await browser.signInAs('ada')

  for (const redirect_uri of ['http://localhost:3000/callback', PASTE_PAGE]) {
    const ask = await browser.follow(commandLine({ client_id: 'sailpoint-cli', redirect_uri }))
    assert.ok(answerAt(await browser.decide(ask, 'allow'), redirect_uri)['code'])
  }
  for (const redirect_uri of ['https://developer.sailpoint.com/sailapps', 'https://globex.example/sailapps']) {
    const answer = await browser.get(commandLine({ client_id: 'sailpoint-cli', redirect_uri }))
    assert.equal(answer.status, 400)
  }
})

test('the newer command line listens on any port of this machine, with PKCE', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t, { settings }))
  const redirect_uri = 'http://127.0.0.1:49152/callback'

  const without = await browser.get(commandLine({ client_id: 'sailapps', redirect_uri }))
  const withIt = await browser.get(commandLine({ client_id: 'sailapps', redirect_uri, ...PKCE }))

  assert.equal(answerAt(without, redirect_uri)['error'], 'invalid_request')
  assert.match(locationOf(withIt), /^\/login\?/)
})

test("other clients' answers do not go to the paste page", async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t, { settings }))

  const answer = await browser.get(authorizePath('spa', { redirect_uri: PASTE_PAGE }))

  assert.equal(answer.status, 400)
})

test('without the setting there are neither such clients nor such a page', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const ask = await browser.get(commandLine({ client_id: 'sailapps', redirect_uri: PASTE_PAGE, ...PKCE }))
  const page = await browser.get(`/sailapps?code=${'a'.repeat(43)}&state=${STATE}`)

  assert.deepEqual([ask.status, page.status], [400, 404])
})

test('the paste page shows nothing that is no code of ours, and says so when the person said no', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t, { settings }))
  const code = 'a'.repeat(43)

  const denied = await browser.get('/sailapps?error=access_denied&error_description=call%20evil&state=x')
  const shortState = await browser.get(`/sailapps?code=${code}&state=abc`)

  assert.equal(denied.status, 200)
  assert.doesNotMatch(denied.text, /call evil|sp1\./)
  assert.doesNotMatch(shortState.text, /Confirmation/)
  for (const query of [
    '',
    'code=',
    `code=${code}a`,
    'code=%3Cb%3E',
    `code=${code}&code=${code}`,
    `code=${code}&state=%00`,
  ]) {
    const answer = await browser.get(`/sailapps?${query}`)
    assert.equal(answer.status, 400, query)
  }
})
