import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { Canaries, filesBelow } from '../support/canaries.ts'
import { emptyPlace } from '../support/data-places.ts'
import { fetchToken } from '../support/demo-secrets.ts'
import { exchange } from '../support/raw-http.ts'
import { startSallyport, stopSallyport } from '../support/sallyport-process.ts'
import { tenantFileFor } from '../support/tenant-fixtures.ts'

const NOBODY = 'http://127.0.0.1:1'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }

/** Starts a server that logs all it ever logs, with a client whose secret is a canary, and an upstream that is gone. */
async function startWithCanaries(t: TestContext) {
  const { data } = emptyPlace(t)
  const canaries = new Canaries()
  const clientSecret = canaries.plant('the secret of a client')
  const client = { name: 'x', id: crypto.randomUUID(), secret: clientSecret, grantTypes: ['CLIENT_CREDENTIALS'] }
  const paths = { '/gone': { get: { responses: {} }, post: { responses: {} } } }
  const catalogs = [{ name: 'gone', file: 'api.json', prefix: '/v3', upstream: NOBODY }]
  const tenant = { ...tenantFileFor('acme', { isDefault: true, catalogs }), oauthClients: [client] }
  writeFileSync(join(data, 'api.json'), JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths }))
  writeFileSync(join(data, 'acme.json'), JSON.stringify(tenant))
  const installed = join(data, 'data')
  const flags = ['--data', installed, '--tenant-file', join(data, 'acme.json'), '--log-level', 'debug']
  return { server: await startSallyport(t, flags), canaries, installed, clientId: client.id, clientSecret }
}

/** Every way in which people send a secret, most of them wrong. */
async function sendCanaries(url: string, canaries: Canaries, clientId: string): Promise<void> {
  const token = (query: string, init: RequestInit) => fetch(`${url}/oauth/token${query}`, { method: 'POST', ...init })
  const secret = (place: string) => canaries.plant(place)
  const basic = (place: string) => `Basic ${Buffer.from(`${clientId}:${secret(place)}`).toString('base64')}`
  const grant = `grant_type=client_credentials&client_id=${clientId}`
  const multipart = new FormData()
  multipart.set('grant_type', 'client_credentials')
  multipart.set('client_secret', secret('a part of multipart'))
  await Promise.all([
    token('', { body: `${grant}&client_secret=${secret('a form')}`, headers: form }),
    token('', { body: `${grant}&clientsecret=${secret('a misspelt parameter')}`, headers: form }),
    token('', { body: `${grant}&Client_Secret=${secret('a parameter in another case')}`, headers: form }),
    token('', { body: `grant_type=password&username=x&password=${secret('a password')}`, headers: form }),
    token('', { body: `grant_type=${secret('the grant type')}&client_id=${clientId}`, headers: form }),
    token('', {
      body: `grant_type=client_credentials&client_id=${secret('the client id')}&client_secret=x`,
      headers: form,
    }),
    token('', {
      body: `grant_type=refresh_token&client_id=${clientId}&refresh_token=${secret('a refresh token')}`,
      headers: form,
    }),
    token('', { body: `grant_type=authorization_code&client_id=${clientId}&code=${secret('a code')}`, headers: form }),
    token(`?${grant}&client_secret=${secret('the query')}`, {}),
    token(`?${grant}&client_secret=${secret('the query, twice')}`, { body: 'client_secret=other', headers: form }),
    token('', { headers: { authorization: basic('a Basic header') } }),
    token('', { headers: { authorization: `Basic ${secret('a broken Basic header')}` } }),
    token('', { body: `{"client_secret":"${secret('broken JSON')}"`, headers: json }),
    token('', { body: secret('a body that is no form'), headers: { 'content-type': 'text/plain' } }),
    token('', { body: multipart }),
    fetch(`${url}/oauth/token?client_secret=${secret('the query of a GET')}`),
    fetch(`${url}/oauth/${secret('a path of ours')}`),
    fetch(`${url}/v3/gone/${secret('a path of a catalog')}?x=${secret('the query of a refusal')}`),
    fetch(`${url}/v3/gone`, { headers: { authorization: `Bearer ${secret('a bearer')}` } }),
    fetch(`${url}/v3/gone`, { headers: { cookie: `session=${secret('a cookie')}`, 'x-api-key': secret('a header') } }),
    fetch(`${url}/oauth/authorize?client_id=${secret('the client id of authorize')}&state=${secret('a state')}`),
    fetch(`${url}/oauth/revoke`, { method: 'POST', body: `token=${secret('a token to revoke')}`, headers: form }),
    fetch(`${url}/oauth/introspect`, { method: 'POST', body: `token=${secret('a token to look up')}`, headers: form }),
  ])
  await Promise.all([
    exchange(url, `GET /${secret('a broken request line')} HTTP/9.9`, 'Host: localhost'),
    exchange(url, `GET / HTTP/1.1`, 'Host: localhost', `Broken header ${secret('a broken header')}`),
    exchange(
      url,
      'GET / HTTP/1.1',
      'Host: localhost',
      `X-Big: ${secret('a header that is too big')}${'x'.repeat(20_000)}`,
    ),
    exchange(url, 'GET / HTTP/1.1', `Host: ${secret('the host')}.example`, 'Connection: close'),
  ])
}

/** The same at the gateway, with a token that is good. */
async function sendThroughGateway(url: string, canaries: Canaries, token: string): Promise<void> {
  const authorization = `Bearer ${token}`
  const call = (query: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
    fetch(`${url}/v3/gone${query}`, { ...init, headers: { authorization, ...headers } })
  const statuses = await Promise.all([
    call(`?api_key=${canaries.plant('a query that is forwarded')}`).then(({ status }) => status),
    call('', { method: 'POST', body: canaries.plant('a body that is forwarded') }).then(({ status }) => status),
    call('', {}, { 'x-api-key': canaries.plant('a header that is forwarded') }).then(({ status }) => status),
  ])
  assert.deepEqual(new Set(statuses), new Set([502]))
  await fetch(`${url}/sallyport/v1/explain`, {
    method: 'POST',
    headers: { authorization, ...json },
    body: JSON.stringify({
      method: 'GET',
      path: `/v3/gone/${canaries.plant('a question')}`,
      clientId: canaries.plant('whom it is about'),
    }),
  })
}

/** The same where the server itself is broken, so that it has something to log. */
async function sendToBroken(url: string, canaries: Canaries, installed: string): Promise<void> {
  const database = new SQLite(join(installed, 'sallyport.db'))
  database.exec('alter table personal_access_token rename to gone; alter table oauth_client rename to gone_too')
  database.close()
  const body = `grant_type=client_credentials&client_id=${crypto.randomUUID()}&client_secret=${canaries.plant('a form while broken')}`
  const query = canaries.plant('a query while broken')
  const { status } = await fetch(`${url}/oauth/token?x=${query}`, { method: 'POST', body, headers: form })
  assert.equal(status, 500)
}

test('secrets turn up in no output, file or metric, wherever they were sent', async (t) => {
  const { server, canaries, installed, clientId, clientSecret } = await startWithCanaries(t)
  const token = await fetchToken(server.url, clientId, clientSecret)
  canaries.watch('an access token', token)
  canaries.watch('the signature of an access token', token.split('.')[2] ?? '')

  await sendCanaries(server.url, canaries, clientId)
  await sendThroughGateway(server.url, canaries, token)
  await sendToBroken(server.url, canaries, installed)

  const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text()
  const whileRunning = filesBelow(installed)
  const { stdout, stderr, exitCode } = await stopSallyport(server)
  assert.equal(exitCode, 0)
  assert.match(stdout, /^\{"level":"error",.*no such table/m)
  const outputs = new Map([
    ['the metrics', metrics],
    ['standard output', stdout],
    ['standard error', stderr],
  ])
  for (const texts of [outputs, whileRunning, filesBelow(installed)]) assert.deepEqual(canaries.foundIn(texts), [])
})

test('nobody but its owner can read what lies in the data directory', async (t) => {
  const data = join(emptyPlace(t).data, 'data')
  await stopSallyport(await startSallyport(t, ['--demo', '--data', data]))

  const entries = readdirSync(data, { recursive: true, encoding: 'utf8' })

  assert.ok(entries.includes('sallyport.db'))
  for (const entry of ['.', ...entries]) assert.equal(statSync(join(data, entry)).mode & 0o077, 0, entry)
})
