import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Agent } from 'undici'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { type Owner, onEnd } from '../support/on-end.ts'
import { startSallyport } from '../support/sallyport-process.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'
import { isPostgres, testInstallationOptions } from '../support/test-database.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const DOMAIN = 'localhost:8080'
/** How old what a node knows may be, unless it is told otherwise: `--max-staleness-ms`. */
const STALENESS_MS = 1000
const sampleDocument = join(import.meta.dirname, '..', '..', 'examples', 'sample.openapi.yaml')
const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it asked for
  body: any
}

interface Call {
  token?: string
  body?: string
  type?: string
}

/** A node, asked as if it were behind a load balancer. */
type Node = (method: string, path: string, call?: Call) => Promise<Answer>

function nodeAt(port: number, agent: Agent): Node {
  return async (method, path, { token, body, type = 'application/json' } = {}) => {
    const headers = {
      host: DOMAIN,
      ...(body !== undefined && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    const answer = await agent.request({
      origin: `http://127.0.0.1:${port}`,
      path,
      method,
      headers,
      body: body ?? null,
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
}

/** Two processes on one PostgreSQL, with one master key and data directories of their own. */
async function startNodes(owner: Owner): Promise<{ here: Node; there: Node }> {
  const { databaseUrl = '', migrationUrl = '' } = await testInstallationOptions(owner)
  const folder = temporaryDirectory(owner)
  copyFileSync(sampleDocument, join(folder, 'sample.openapi.yaml'))
  const file = tenantFileFor('acme', { isDefault: true, tenant: { settings } })
  writeFileSync(join(folder, 'acme.json'), JSON.stringify(file))
  const agent = new Agent()
  onEnd(owner, () => agent.destroy())
  const start = async (data: string, ...more: string[]): Promise<Node> => {
    const port = await freePort()
    const store = ['--database-url', databaseUrl, '--migration-url', migrationUrl]
    const place = ['--port', String(port), '--domain', DOMAIN, '--data', join(folder, data)]
    const key = ['--master-key-file', join(folder, 'master.key')]
    await startSallyport(owner, [...store, ...place, ...key, ...more])
    return nodeAt(port, agent)
  }
  const here = await start('one', '--tenant-file', join(folder, 'acme.json'))
  return { here, there: await start('two') }
}

async function tokenOf(node: Node, name: string): Promise<string> {
  const { clientId, clientSecret } = credentialOf('acme', name)
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams(form).toString()
  const answer = await node('POST', '/oauth/token', { body, type: 'application/x-www-form-urlencoded' })
  assert.equal(answer.status, 200)
  return answer.body.access_token
}

/**
 * Asks again and again until well after the allowed staleness, and fails if an answer to a question that was asked later
 * than that is still the old one. A node that cannot tell may say so, with 503.
 */
async function assertNewsWithin(limitMs: number, ask: () => Promise<number>, news: number): Promise<void> {
  const since = performance.now()
  const late: number[] = []
  const last = await eventually(
    async () => {
      const askedMs = performance.now() - since
      const status = await ask()
      if (askedMs > limitMs) late.push(status)
      return status
    },
    () => late.length > 5 && late.at(-1) === news,
    20_000,
  )

  assert.equal(last, news)
  assert.deepEqual(
    [...new Set(late)].filter((status) => status !== 503),
    [news],
  )
}

const nodes = isPostgres ? share(startNodes) : undefined

if (nodes)
  describe('two processes on one database', () => {
    test('a token of one is good at the other, and so are the key sets', async () => {
      const { here, there } = nodes()

      const answer = await there('GET', '/v3/sources', { token: await tokenOf(here, 'ada') })
      const keySets = await Promise.all([here, there].map((node) => node('GET', '/oauth/jwks')))

      assert.equal(answer.status, 200)
      assert.deepEqual(keySets[0]?.body, keySets[1]?.body)
    })

    test('a denial at one is explained by its tracking id at the other within seconds', async () => {
      const { here, there } = nodes()
      const token = await tokenOf(here, 'paul')

      const denied = await here('GET', '/v3/transforms', { token })
      const trackingId = denied.headers['slpt-request-id']
      const explained = await eventually(
        () => there('POST', '/sallyport/v1/explain', { token, body: JSON.stringify({ trackingId }) }),
        ({ status }) => status === 200,
        5000,
      )

      assert.equal(denied.status, 403)
      assert.equal(explained.status, 200, JSON.stringify(explained.body))
      assert.equal(explained.body.reason.code, denied.headers['sallyport-reason'])
    })

    test('a catalog that one imports is served by the other, one it removes is not, within the staleness', async () => {
      const { here, there } = nodes()
      const token = await tokenOf(here, 'ada')
      const operation = { security: [{}], responses: { 200: { description: 'ok' } } }
      const body = JSON.stringify({ openapi: '3.1.0', paths: { '/news': { get: operation } } })
      const ask = async () => (await there('GET', '/news/news')).status
      const before = (await there('GET', '/news/news', { token })).status

      const query = '?name=news&prefix=/news&upstream=sample'
      const imported = await here('POST', `/sallyport/v1/catalogs${query}`, { token, body })
      await assertNewsWithin(STALENESS_MS, ask, 200)
      const removed = await here('DELETE', '/sallyport/v1/catalogs/news', { token })
      await assertNewsWithin(STALENESS_MS, ask, 401)

      assert.deepEqual([before, imported.status, removed.status], [404, 201, 204])
    })

    test('a credential that one deletes is dead at the other within the staleness, with its live tokens', async () => {
      const { here, there } = nodes()
      const [token, admin] = [await tokenOf(there, 'hana'), await tokenOf(here, 'ada')]
      const ask = async () => (await there('GET', '/v2025/identities', { token })).status
      const before = await ask()

      const { clientId } = credentialOf('acme', 'hana')
      const { status } = await here('DELETE', `/v3/personal-access-tokens/${clientId}`, { token: admin })
      await assertNewsWithin(STALENESS_MS, ask, 401)

      assert.deepEqual([before, status], [200, 204])
    })

    test('a setting that one changes is enforced by the other within the staleness', async () => {
      const { here, there } = nodes()
      const [token, admin] = [await tokenOf(there, 'sam'), await tokenOf(here, 'ada')]
      const ask = async () => (await there('GET', '/v3/sources', { token })).status
      const before = await Promise.all([ask(), ask(), ask()])

      const value = { requests: 1, windowSeconds: 3600 }
      const body = JSON.stringify([{ op: 'replace', path: '/rateLimit', value }])
      const { status } = await here('PATCH', '/sallyport/v1/settings', { token: admin, body })
      await assertNewsWithin(STALENESS_MS, ask, 429)

      assert.deepEqual([before, status], [[200, 200, 200], 200])
    })
  })
