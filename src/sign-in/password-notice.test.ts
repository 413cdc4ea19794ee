import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type FormBrowser,
  mailsOf,
  openFormBrowser,
  PASSWORD,
  type SentMail,
  startSignInApp,
} from '../../test/support/sign-in.ts'
import type { TestApp } from '../../test/support/test-app.ts'

const NEW = 'seven green lanterns'

const change = (browser: FormBrowser, fields: Record<string, string> = {}, headers = {}) =>
  browser.submit('/login/password', { current: PASSWORD, 'new-password': NEW, repeat: NEW, ...fields }, headers)

/** The path and query of the newest link that was mailed. */
async function newestLink(app: TestApp): Promise<string> {
  const { pathname, search } = new URL((await mailsOf(app)).at(-1)?.link ?? '')
  return pathname + search
}

/** A notice holds nothing that leads anywhere, and nothing that opens anything. */
function assertHarmless({ text, link }: SentMail): void {
  assert.equal(link, undefined)
  assert.doesNotMatch(text, /https?:|token|www\.|lanterns|harbour/i)
}

for (const [language, sentence] of [
  ['en', /password of your Acme account was changed on 2026-06-01 12:00 UTC[^]*tell your administrator/],
  ['de', /am 2026-06-01 12:00 UTC geändert/],
  ['fr', /a été changé le 2026-06-01 12:00 UTC/],
  ['es', /se cambió el 2026-06-01 12:00 UTC/],
] as const)
  test(`whose password was changed gets one mail about it, in ${language} where the browser asks for that`, async (t) => {
    const app = await startSignInApp(t)
    const browser = openFormBrowser(app)
    await browser.signIn('ada')

    await change(browser, {}, { 'accept-language': language })

    const [notice, ...more] = await mailsOf(app)
    assert.ok(notice)
    assert.equal(notice.to, 'ada@acme.test')
    assert.match(notice.text, sentence)
    assertHarmless(notice)
    assert.deepEqual(more, [])
  })

test('whose password was reset by a link gets a mail about it, to the address that the link went to', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)

  await browser.submit(link, { 'new-password': NEW, repeat: NEW })

  const [, notice, ...more] = await mailsOf(app)
  assert.ok(notice)
  assert.deepEqual([notice.to, notice.subject], ['ada@acme.test', 'The password of your Acme account was changed'])
  assertHarmless(notice)
  assert.deepEqual(more, [])
})

test('a change that fails is told to nobody', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')

  const refused = [
    await change(browser, { current: 'wrong' }),
    await change(browser, { repeat: 'something else than that' }),
    await change(browser, { 'new-password': 'short', repeat: 'short' }),
  ]

  assert.deepEqual(
    refused.map(({ status }) => status),
    [403, 400, 400],
  )
  assert.deepEqual(await mailsOf(app), [])
})

test('of two changes at once the one that fails is told to nobody', async (t) => {
  const app = await startSignInApp(t)
  const [one, other] = [openFormBrowser(app), openFormBrowser(app)]
  await one.signIn('ada')
  await other.signIn('ada')

  const answers = await Promise.all([
    change(one),
    change(other, { 'new-password': 'nine quiet rivers', repeat: 'nine quiet rivers' }),
  ])

  assert.equal(answers.filter(({ headers }) => headers['location'] === '/login?notice=changed').length, 1)
  assert.equal((await mailsOf(app)).length, 1)
})
