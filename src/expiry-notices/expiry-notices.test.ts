import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { START_MS, startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { Outbox } from '../mail/outbox.ts'
import { nobody } from '../request-context.ts'
import { ExpiryNotices } from './expiry-notices.ts'

const DAY_MS = 86_400_000
const WEBHOOK = '/sallyport/v1/notice-webhook'

const expiresIn = (days: number) => ({ expirationDate: new Date(START_MS + days * DAY_MS).toISOString() })

async function expiring(t: TestContext, days = 40) {
  const identities = [
    personFor('acme', 'eve', {}, { name: 'nightly', ...expiresIn(days) }),
    personFor('acme', 'gone', { enabled: false }, { name: 'gone', ...expiresIn(days) }),
  ]
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, identities })] })
  const sweep = () => app.app.services.expiryNotices.sweep()
  const mails = async (): Promise<string[]> => {
    const outbox = join(app.data, 'outbox')
    const files = await readdir(outbox).catch(() => [])
    return Promise.all(files.toSorted((a, b) => (a < b ? -1 : 1)).map((file) => readFile(join(outbox, file), 'utf8')))
  }
  return { app, sweep, mails }
}

test('the owner hears 30, 14, 7 and 1 days before, each time once, whatever restarts in between', async (t) => {
  const { app, sweep, mails } = await expiring(t)
  const heard: number[] = []

  for (let day = 0; day <= 41; day++) {
    const before = (await mails()).length
    await sweep()
    if (day % 5 === 0) await app.restart()
    await app.app.services.expiryNotices.sweep()
    if ((await mails()).length > before) heard.push(40 - day)
    assert.ok((await mails()).length <= before + 1)
    app.clock.advance(DAY_MS)
  }

  assert.deepEqual(heard, [30, 14, 7, 1])
  const [first = ''] = await mails()
  assert.match(first, /^To: .*eve@acme\.test/m)
  assert.match(first, /^Subject: Your acme token nightly expires in 30 days/m)
  assert.ok(first.includes(credentialOf('acme', 'eve').clientId))
  assert.ok(!first.includes(credentialOf('acme', 'eve').clientSecret))
})

test('a token made for five days gives notice when one day is left, and none when it is made', async (t) => {
  const { app, sweep, mails } = await expiring(t, 5)

  await sweep()
  const atOnce = (await mails()).length
  app.clock.advance(4 * DAY_MS)
  await sweep()

  assert.deepEqual([atOnce, (await mails()).length], [0, 1])
})

test('of several processes that sweep at once one sends', async (t) => {
  const { app, mails } = await expiring(t)
  app.clock.advance(10 * DAY_MS)
  const others = Array.from({ length: 4 }, () => noticesOf(app))

  await Promise.all(others.map((each) => each.sweep()))

  assert.equal((await mails()).length, 1)
})

test('a notice that could not be sent is tried again, five times at most', async (t) => {
  const { app } = await expiring(t)
  app.clock.advance(10 * DAY_MS)
  let tries = 0
  const errors: unknown[] = []
  const notices = noticesOf(app, {
    send: async () => {
      tries += 1
      throw new Error('the mail server is away')
    },
    onError: (error) => errors.push(error),
  })

  for (let sweep = 0; sweep < 8; sweep++) {
    await notices.sweep()
    await notices.sweep()
    app.clock.advance(20 * 60_000)
  }

  assert.equal(tries, 5)
  assert.equal(errors.length, 5)
})

function noticesOf(
  app: TestApp,
  { send, onError = assert.ifError }: { send?: () => Promise<void>; onError?: (error: unknown) => void } = {},
): ExpiryNotices {
  const { installation } = app
  const { identities, webhooks } = app.app.services
  const outbox = new Outbox({
    directory: join(app.data, 'outbox'),
    from: () => 'no-reply@sallyport.test',
    nowMs: installation.nowMs,
  })
  return new ExpiryNotices({
    directory: installation.database.directory,
    contextFor: (tenantId) => installation.contextFor(tenantId, nobody),
    identities,
    mailer: send ? { send } : outbox,
    webhooks,
    onError,
  })
}

async function receiver(t: TestContext, status = 200) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ headers: request.headers, body })
      response.writeHead(status, { location: '/elsewhere' }).end('thanks')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => server.close())
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=1` }
}

test('a webhook gets one signed message for each notice, and its secret is shown once', async (t) => {
  const { app, sweep } = await expiring(t)
  const { got, url } = await receiver(t)
  const token = await app.tokenFor('ada')
  const { signingSecret } = (await app.call('PUT', WEBHOOK, { token, body: { url } })).json()
  app.clock.advance(10 * DAY_MS)

  await sweep()
  await sweep()

  const ofEve = got.filter(({ body }) => JSON.parse(body).personalAccessToken.name === 'nightly')
  assert.equal(ofEve.length, 1)
  const [{ headers, body } = { headers: {}, body: '' }] = ofEve
  const [, at, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sallyport-signature'])) ?? []
  assert.equal(signature, createHmac('sha256', signingSecret).update(`${at}.${body}`).digest('hex'))
  const { personalAccessToken, daysBefore, type } = JSON.parse(body)
  assert.deepEqual([type, daysBefore], ['personal_access_token.expiring', 30])
  assert.equal(personalAccessToken.ownerId, identityIdOf('acme', 'eve'))
  assert.deepEqual((await app.call('GET', WEBHOOK, { token: await app.tokenFor('ada') })).json(), { url })
})

test('a webhook that answers with a redirect is not followed, and tried again', async (t) => {
  const { app } = await expiring(t)
  const { got, url } = await receiver(t, 302)
  await app.call('PUT', WEBHOOK, { token: await app.tokenFor('ada'), body: { url } })
  app.clock.advance(10 * DAY_MS)
  const errors: unknown[] = []

  await noticesOf(app, { onError: (error) => errors.push(error) }).sweep()

  assert.ok(got.every(({ headers }) => headers['host'] !== undefined))
  assert.equal(got.length, 2)
  assert.equal(errors.length, 2)
})

for (const url of [
  'http://example.com/hook',
  'https://169.254.169.254/latest',
  'https://10.0.0.1/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fd00::1]/',
  'https://[64:ff9b::a00:1]/',
  'https://user:pass@example.com/',
  'https://0x0a000001/',
  'ftp://example.com/',
  'nonsense',
])
  test(`${url} is no address for a webhook`, async (t) => {
    const { app } = await expiring(t)

    const answer = await app.call('PUT', WEBHOOK, { token: await app.tokenFor('ada'), body: { url } })

    assert.equal(answer.status, 400)
  })

test('only an ORG_ADMIN sets a webhook', async (t) => {
  const { app } = await expiring(t)

  for (const name of ['sam', 'app-nightly'])
    assert.equal(
      (await app.call('PUT', WEBHOOK, { token: await app.tokenFor(name), body: { url: 'https://example.com/' } }))
        .status,
      403,
    )
})

test('the calendar has the caller’s tokens alone, each with an alarm', async (t) => {
  const { app } = await expiring(t)

  const answer = await app.call('GET', '/sallyport/v1/expiry.ics', { token: await app.tokenFor('eve') })

  assert.equal(answer.headers['content-type'], 'text/calendar; charset=utf-8')
  const lines = answer.text.split('\r\n')
  assert.deepEqual([lines[0], lines.at(-2)], ['BEGIN:VCALENDAR', 'END:VCALENDAR'])
  assert.equal(lines.filter((line) => line === 'BEGIN:VEVENT').length, 1)
  assert.ok(lines.includes('DTSTART:20260711T120000Z') && lines.includes('SUMMARY:Token nightly expires'))
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75))
  const empty = await app.call('GET', '/sallyport/v1/expiry.ics', { token: await app.tokenFor('ada') })
  assert.ok(!empty.text.includes('VEVENT'))
})
