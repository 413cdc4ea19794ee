import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openFormBrowser, startSignInApp } from '../../test/support/sign-in.ts'

const hinted = (hint: string): string => `/login?${new URLSearchParams({ login_hint: hint }).toString()}`
const usernameField = (text: string): string => /<input id="username"[^>]*>/.exec(text)?.[0] ?? ''

test('login_hint fills in the username, and typing goes on at the password', async (t) => {
  const browser = openFormBrowser(await startSignInApp(t))

  const { text } = await browser.get(hinted('ada'))

  assert.match(usernameField(text), / value="ada"/)
  assert.match(text, /<input id="password"[^>]* autofocus>/)
})

test('login_hint is shown as text, and nothing follows from it', async (t) => {
  const browser = openFormBrowser(await startSignInApp(t))
  const markup = '"><script>alert(1)</script>'

  const { status, text, headers } = await browser.get(hinted(markup))

  assert.equal(status, 200)
  assert.match(usernameField(text), / value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/)
  assert.doesNotMatch(text.replace(usernameField(text), ''), /script&gt;|alert/)
  assert.match(String(headers['content-security-policy']), /^default-src 'none'/)
})

for (const [what, hint] of [
  ['is longer than a name can be', 'a'.repeat(129)],
  ['holds control characters', 'ada\u202e\u0000'],
  ['is empty', ''],
] as const)
  test(`a login_hint that ${what} is left out, not refused`, async (t) => {
    const browser = openFormBrowser(await startSignInApp(t))

    const { status, text } = await browser.get(hinted(hint))

    assert.equal(status, 200)
    assert.doesNotMatch(usernameField(text), / value=/)
  })

test('login_hint goes before the name of whoever is signed in, who is proposed otherwise', async (t) => {
  const browser = openFormBrowser(await startSignInApp(t))
  await browser.signIn('ada')
  const continueTo = `&continue=${encodeURIComponent('/oauth/authorize/continue?interaction=a.b')}`

  const fresh = await browser.get(`/login?${continueTo}`)
  const other = await browser.get(`${hinted('paul')}${continueTo}`)

  assert.match(usernameField(fresh.text), / value="ada"/)
  assert.match(usernameField(other.text), / value="paul"/)
})

test('with a login_hint, what was typed is what counts', async (t) => {
  const browser = openFormBrowser(await startSignInApp(t))

  const refused = await browser.submit(hinted('ada'), { username: 'paul', password: 'not this' })

  assert.match(usernameField(refused.text), / value="paul"/)
})
