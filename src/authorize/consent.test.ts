import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerAt,
  auditOf,
  authorizePath,
  clients,
  locationOf,
  openCodeBrowser,
  rowsOf,
  startAuthorizeApp,
} from '../../test/support/authorize.ts'
import { hiddenFieldsOf } from '../../test/support/sign-in.ts'
import { DOMAIN } from '../../test/support/test-app.ts'
import { appendChange } from '../change-log/change.ts'

const SPA = 'https://spa.example/cb'
const LOOPBACK = 'http://127.0.0.1:51234/cb'

test('a PUBLIC client is asked for once, until it wants more', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')

  const page = await browser.follow(authorizePath('spa', { scope: 'idn:source:read' }))
  const first = await browser.decide(page, 'allow')
  const again = await browser.follow(authorizePath('spa', { scope: 'idn:source:read' }))
  const more = await browser.follow(authorizePath('spa'))
  await browser.decide(more, 'allow')
  const less = await browser.follow(authorizePath('spa', { scope: 'idn:identity:read' }))

  assert.match(page.text, /<h1>Let Spa act for you\?[\s\S]*ada[\s\S]*idn:source:read[\s\S]*spa\.example/)
  assert.doesNotMatch(page.text, /idn:identity:read/)
  assert.ok(answerAt(first, SPA)['code'])
  assert.ok(answerAt(again, SPA)['code'])
  assert.equal(more.status, 200)
  assert.ok(answerAt(less, SPA)['code'])
  const consents = await rowsOf(app, 'consent')
  assert.deepEqual(
    consents.map(({ client_id, scope }) => [client_id, JSON.parse(scope)]),
    [[clients.spa.id, ['idn:identity:read', 'idn:source:read']]],
  )
  assert.equal((await auditOf(app, 'consent.granted')).length, 2)
})

test('a client whose receiver nothing proves is asked for each time (RFC 8252 §8.6)', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')

  for (const redirect_uri of [LOOPBACK, LOOPBACK, 'com.example.desktop:/cb']) {
    const page = await browser.follow(authorizePath('desktop', { redirect_uri }))
    const answer = await browser.decide(page, 'allow')

    assert.equal(page.status, 200)
    assert.match(page.text, /everything you may do/)
    assert.ok(page.text.includes(redirect_uri === LOOPBACK ? '127.0.0.1:51234' : 'com.example.desktop:'))
    assert.ok(answerAt(answer, redirect_uri)['code'])
  }
  assert.deepEqual(await rowsOf(app, 'consent'), [])
})

test('prompt=consent asks for any client', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  await browser.signInAs('ada')

  const page = await browser.follow(authorizePath('web', { prompt: 'consent' }))
  const answer = await browser.decide(page, 'allow')

  assert.equal(page.status, 200)
  assert.ok(answerAt(answer, 'https://app.example/cb')['code'])
})

test('whoever denies gives no code, and the client is told', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')

  const answer = await browser.decide(await browser.follow(authorizePath('spa')), 'deny')

  const { error, state, iss, code } = answerAt(answer, SPA)
  assert.deepEqual([error, state, iss, code], ['access_denied', 's-1', `http://${DOMAIN}`, undefined])
  assert.deepEqual(await rowsOf(app, 'authorization_code'), [])
  assert.equal((await auditOf(app, 'consent.denied')).length, 1)
})

test('of 20 consents to one interaction at once, one gets a code and the others a page', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  const page = await browser.follow(authorizePath('spa'))

  const answers = await Promise.all(Array.from({ length: 20 }, () => browser.decide(page, 'allow')))

  assert.equal(answers.filter(({ status }) => status === 303).length, 1)
  assert.equal(answers.filter(({ text }) => text.includes('already completed')).length, 19)
  assert.equal((await rowsOf(app, 'authorization_code')).length, 1)
  assert.equal((await auditOf(app, 'consent.granted')).length, 1)
})

test('a form with anything changed or added is refused, and gives no code', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  const page = await browser.follow(authorizePath('spa', { scope: 'idn:source:read' }))
  const { interaction = '', token = '' } = hiddenFieldsOf(page.text)

  for (const changes of [
    { scope: 'sp:scopes:all' },
    { client_id: clients.web.id },
    { redirect_uri: 'https://app.example/cb' },
    { interaction: `A${interaction.slice(1)}` },
    { interaction: '' },
    { token: `A${token.slice(1)}` },
    { token: '' },
    { decision: 'maybe' },
  ]) {
    const answer = await browser.decide(page, 'allow', changes)

    assert.equal(answer.status, 400, JSON.stringify(changes))
    assert.equal(answer.headers['location'], undefined)
  }
  assert.deepEqual(await rowsOf(app, 'authorization_code'), [])
})

test('what is no form, or too large for one, is refused with a page', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const json = await browser.post('/oauth/authorize/consent', {}, { 'content-type': 'application/json' })
  const large = await browser.post('/oauth/authorize/consent', { interaction: 'x'.repeat(20_000) })

  for (const { status, text } of [json, large]) {
    assert.equal(status, 400)
    assert.match(text, /The form could not be accepted/)
  }
})

test("another site's form, and another browser's, are refused", async (t) => {
  const app = await startAuthorizeApp(t)
  const [browser, other] = [openCodeBrowser(app), openCodeBrowser(app)]
  await browser.signInAs('ada')
  await other.signInAs('paul')
  const page = await browser.follow(authorizePath('spa'))
  await other.follow(authorizePath('spa'))
  const body = new URLSearchParams({ ...hiddenFieldsOf(page.text), decision: 'allow' }).toString()
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  const foreignSite = await app.call('POST', '/oauth/authorize/consent', {
    headers: { ...form, cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    body,
  })
  const foreignBrowser = await other.decide(page, 'allow')
  const foreignLink = await other.get(
    `/oauth/authorize/continue?interaction=${hiddenFieldsOf(page.text)['interaction']}`,
  )

  assert.deepEqual([foreignSite.status, foreignBrowser.status, foreignLink.status], [400, 400, 400])
  assert.match(foreignLink.text, /another browser/)
  assert.deepEqual(await rowsOf(app, 'authorization_code'), [])
})

test('somebody else who signs in meanwhile is asked anew, not taken for whom the page named', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  const page = await browser.follow(authorizePath('spa'))
  await browser.signInAs('paul')

  const answer = await browser.decide(page, 'allow')
  const anew = await browser.follow(locationOf(answer))

  assert.match(locationOf(answer), /^\/oauth\/authorize\/continue\?/)
  assert.match(anew.text, /paul/)
  assert.deepEqual(await rowsOf(app, 'authorization_code'), [])
})

test('an interaction ends with its ten minutes, and with its client', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  const pages = [await browser.follow(authorizePath('spa')), await browser.follow(authorizePath('desktop'))]
  const ctx = await app.contextOf()
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('oauth_client')
      .set({ enabled: 0 })
      .where('tenant_id', '=', ctx.tenantId)
      .where('id', '=', clients.spa.id)
      .execute()
    await appendChange(tx, ctx, { kind: 'client', subject: clients.spa.id })
  })
  await app.installation.changes.catchUp()

  const disabled = await browser.decide(pages[0] ?? assert.fail(), 'allow')
  app.clock.advance(600_001)
  const late = await browser.decide(pages[1] ?? assert.fail(), 'allow')

  assert.deepEqual([disabled.status, late.status], [400, 400])
  assert.match(late.text, /ten minutes/)
})

test('what a client is called and what it sends is shown as text', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  await browser.signInAs('ada')
  const markup = '"><script>alert(1)</script>'

  const consent = await browser.follow(authorizePath('desktop', { login_hint: markup, ui_locales: markup }))
  const refusal = await browser.get(authorizePath('web', { redirect_uri: `https://x.example/${markup}` }))

  for (const { text } of [consent, refusal]) assert.doesNotMatch(text, /<script|<svg onload/)
  assert.match(consent.text, /&lt;svg onload=alert\(1\)&gt;/)
  assert.match(refusal.text, /&lt;script&gt;/)
})
