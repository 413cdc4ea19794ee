import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenFieldsOf, openFormBrowser, PASSWORD, startSignInApp } from '../../test/support/sign-in.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const PAGES = ['/login', '/login/forgot', '/login/reset?token=none', '/logout']

test('every page has a strict policy, is in no frame and no cache, and sends no referrer', async (t) => {
  const app = await startSignInApp(t)

  for (const path of PAGES) {
    const { headers } = await openFormBrowser(app).get(path)
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  }
})

test('a page and its style sheet weigh under 30 kB together, without a script', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const address = /href="(\/login\/style\.css[^"]*)"/.exec((await browser.get('/login')).text)?.[1] ?? ''
  const sheet = await browser.get(address)
  assert.equal(sheet.headers['content-type'], 'text/css; charset=utf-8')

  for (const path of [...PAGES, '/login/password']) {
    const { text } = await browser.get(path, { 'accept-language': 'de' })
    assert.ok(Buffer.byteLength(text) + Buffer.byteLength(sheet.text) < 30_000, path)
    assert.doesNotMatch(text, /<script|\son\w+=|style=/)
  }
})

for (const [acceptLanguage, lang, word] of [
  ['de-CH, en;q=0.5', 'de', 'Anmelden'],
  ['it, fr;q=0.8, en;q=0.7', 'fr', 'Se connecter'],
  ['es-MX', 'es', 'Iniciar sesión'],
  ['ja', 'en', 'Sign in'],
] as const)
  test(`a browser that prefers ${acceptLanguage} gets the pages in ${lang}`, async (t) => {
    const app = await startSignInApp(t)

    const { text, headers } = await openFormBrowser(app).get('/login', { 'accept-language': acceptLanguage })

    assert.ok(text.includes(`<html lang="${lang}">`) && text.includes(word))
    assert.equal(headers['content-language'], lang)
    assert.equal(headers['vary'], 'Accept-Language, Cookie')
  })

test('the page names the organisation and the host', async (t) => {
  const app = await startSignInApp(t)

  const { text } = await openFormBrowser(app, `globex.login.${DOMAIN}`).get('/login')

  assert.match(text, /<title>Sign in · Globex<\/title>/)
  assert.ok(text.includes(`globex.login.${DOMAIN}</p>`))
})

test('the name of an organisation is shown as text', async (t) => {
  const app = await startSignInApp(t)
  await app.apply({ tenant: { name: 'acme', default: true, displayName: '</title><img src=x onerror=alert(1)>' } })

  const { text } = await openFormBrowser(app).get('/login')

  assert.doesNotMatch(text, /<img/)
})

test('forms of another site are refused, whatever they know (login CSRF)', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const own = hiddenFieldsOf((await browser.get('/login')).text)
  const others = hiddenFieldsOf((await openFormBrowser(app).get('/login')).text)
  const credentials = { username: 'ada', password: PASSWORD }
  const json = { 'content-type': 'text/plain' }

  const answers = [
    await browser.post('/login', { ...own, ...credentials }, { 'sec-fetch-site': 'cross-site' }),
    await browser.post('/login', { ...own, ...credentials }, { 'sec-fetch-site': 'same-site' }),
    await browser.post('/login', { ...others, ...credentials }),
    await browser.post('/login', credentials),
    await browser.post('/logout', {}, { 'sec-fetch-site': 'cross-site' }),
    await browser.post('/login/forgot', { ...others, username: 'ada' }),
    await browser.post('/login', { ...own, ...credentials }, json),
  ]

  assert.deepEqual(
    answers.map(({ status }) => status),
    [403, 403, 403, 403, 403, 403, 400],
  )
  assert.ok(answers.every(({ headers }) => !String(headers['set-cookie'] ?? '').includes('session')))
})

test('a form is good in the browser and for the tenant it was shown to', async (t) => {
  const app = await startSignInApp(t)
  const globex = openFormBrowser(app, `globex.login.${DOMAIN}`)
  await globex.get('/login')
  const acme = openFormBrowser(app)
  acme.cookies.set('sallyport-browser', globex.cookies.get('sallyport-browser') ?? '')
  const form = hiddenFieldsOf((await acme.get('/login')).text)

  const answer = await globex.post('/login', { ...form, username: 'ada', password: PASSWORD })

  assert.equal(answer.status, 403)
})

test('fields that the form does not have, and forms too large, are refused', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login')).text)

  const extra = await browser.post('/login', { ...form, username: 'ada', password: PASSWORD, admin: 'yes' })
  const large = await browser.post('/login', { ...form, username: 'a'.repeat(20_000), password: 'x' })

  assert.deepEqual([extra.status, large.status], [400, 400])
})

test('only these paths and methods are served', async (t) => {
  const { call } = await startSignInApp(t)
  const statuses = []

  for (const [method, path] of [
    ['GET', '//login'],
    ['GET', '/login/'],
    ['GET', '/LOGIN'],
    ['PUT', '/login'],
    ['DELETE', '/logout'],
    ['GET', '/login/other'],
  ] as const)
    statuses.push((await call(method, path)).status)

  assert.deepEqual(statuses.slice(0, 2), [200, 200])
  assert.ok(statuses.slice(2).every((status) => status === 401 || status === 404 || status === 405))
})
