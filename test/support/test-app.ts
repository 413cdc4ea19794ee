import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LogEvent } from 'kysely'
import { pino } from 'pino'
import { Agent } from 'undici'
import { parse } from 'yaml'
import { type App, buildApp } from '../../src/app.ts'
import type { Clock } from '../../src/clock.ts'
import { type Installation, openInstallation } from '../../src/installation.ts'
import { networkMatcher } from '../../src/config/networks.ts'
import { openMailer } from '../../src/mail/open.ts'
import type { RequestContext } from '../../src/request-context.ts'
import { type ApplyReport, applyTenantFile } from '../../src/tenant-file/apply.ts'
import { prepareTenantFile } from '../../src/tenant-file/prepare.ts'
import { secretReaders } from '../../src/tenant-file/secrets.ts'
import { auditQueries } from './query-auditor.ts'
import { credentialOf, tenantFileFor } from './tenant-fixtures.ts'
import { type Owner, testInstallationOptions } from './test-database.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { onEnd } from './on-end.ts'

/** The domain of every test server; the port it really listens on is another. */
export const DOMAIN = 'localhost:8080'
export const START_MS = Date.UTC(2026, 5, 1, 12)

export interface TestCall {
  /** The `Host` header; by default the bare domain, which serves acme. */
  host?: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer | object
  /** An access token. */
  token?: string
}

export interface TestAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it asked for
  json: () => any
}

export interface TestApp {
  readonly app: App
  readonly installation: Installation
  /** The data directory. */
  data: string
  /** Where the server really listens. */
  readonly origin: string
  clock: { nowMs: number; advance: (ms: number) => void }
  call: (method: string, path: string, call?: TestCall) => Promise<TestAnswer>
  /** An access token for a fixture's credential: `tokenFor('ada')`, `tokenFor('app-nightly', 'globex')`. */
  tokenFor: (name: string, tenant?: string) => Promise<string>
  /** Applies a tenant file, given as an object; a catalog in it may have a `document` in place of a `file`. */
  apply: (file: object, options?: { isReset?: boolean }) => Promise<ApplyReport>
  /** A context of the operator in a tenant of this name. */
  contextOf: (tenant?: string) => Promise<RequestContext>
  /** Stops the server and starts it anew on the same database: what it kept in memory is gone. */
  restart: () => Promise<void>
}

export interface TestAppOptions {
  /** Tenant files; by default those of acme and globex. */
  tenants?: object[]
  isTrustedProxy?: (address: string) => boolean
  /** Addresses that catalogs loaded over HTTP may name as their upstream. */
  allowedUpstreams?: readonly string[]
  monotonicMs?: Clock
  /** Told of every line of the log, from warnings up. */
  onLogged?: (line: string) => void
  /** Told of every statement that the database is given. */
  onStatement?: (sql: string) => void
}

/** A server on a database of its own with the tenants acme (the default) and globex, over real HTTP; gone when the test ends. */
export async function startTestApp(t: Owner, options: TestAppOptions = {}): Promise<TestApp> {
  const clock = { nowMs: START_MS, advance: (ms: number) => void (clock.nowMs += ms) }
  const { log, assertClean } = auditQueries()
  const tell = (event: LogEvent): void => {
    options.onStatement?.(event.query.sql)
    log(event)
  }
  const settings = { ...(await testInstallationOptions(t, { isMigrated: true })), nowMs: () => clock.nowMs, log: tell }
  let installation = await openInstallation(settings)
  const apply = applier(t, () => installation)
  for (const file of options.tenants ?? [tenantFileFor('acme', { isDefault: true }), tenantFileFor('globex')])
    await apply(file)
  let server = await listen(installation, { ...options, data: settings.data })
  const stop = async () => {
    await server.app.close()
    await installation.close()
  }
  const agent = new Agent()
  onEnd(t, async () => {
    await agent.destroy()
    await stop()
    assertClean()
  })
  const call = caller(() => server.origin, agent)
  return {
    get app() {
      return server.app
    },
    get installation() {
      return installation
    },
    get origin() {
      return server.origin
    },
    data: settings.data,
    clock,
    call,
    apply,
    tokenFor: tokenGetter(call),
    contextOf: contextGetter(() => installation),
    restart: async () => {
      await stop()
      installation = await openInstallation(settings)
      server = await listen(installation, { ...options, data: settings.data })
    },
  }
}

async function listen(
  installation: Installation,
  options: TestAppOptions & { data: string },
): Promise<{ app: App; origin: string }> {
  const { isTrustedProxy = () => false, allowedUpstreams = [], monotonicMs = installation.monotonicMs } = options
  const { data, onLogged } = options
  const app = await buildApp({
    installation: { ...installation, monotonicMs },
    address: () => ({ scheme: 'http', domain: DOMAIN }),
    pod: 'test',
    log: onLogged ? pino({ level: 'warn' }, { write: onLogged }) : pino({ level: 'silent' }),
    isTrustedProxy,
    allowedUpstreams,
    isWebhookAllowed: networkMatcher(['127.0.0.0/8']),
    mailer: await openMailer({
      smtpUrl: undefined,
      from: () => 'no-reply@sallyport.test',
      data,
      nowMs: installation.nowMs,
    }),
  })
  await installation.changes.start()
  await app.services.cutOffs.load()
  app.services.activity.start()
  app.services.usage.start()
  app.services.denials.start()
  app.services.uses.start()
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  return { app, origin: `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}` }
}

function caller(origin: () => string, dispatcher: Agent): TestApp['call'] {
  return async (method, path, { host = DOMAIN, headers = {}, body, token } = {}) => {
    const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
    // The path goes out as it is: `request(url)` would fold dot segments first.
    const response = await dispatcher.request({
      origin: origin(),
      path,
      method: method,
      headers: {
        host,
        ...(isJson && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
    })
    const text = await response.body.text()
    return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) }
  }
}

function tokenGetter(call: TestApp['call']): TestApp['tokenFor'] {
  return async (name, tenant = 'acme') => {
    const { clientId, clientSecret } = credentialOf(tenant, name)
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const answer = await call('POST', '/oauth/token', {
      host: `${tenant}.api.${DOMAIN}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    assert.equal(answer.status, 200, answer.text)
    return answer.json().access_token
  }
}

const sampleFile = fileURLToPath(new URL('../../examples/sample.openapi.yaml', import.meta.url))
/** As JSON, which is YAML too: hundreds of servers read it several times each. */
const sampleDocument = JSON.stringify(parse(readFileSync(sampleFile, 'utf8')))

/** Applies tenant files, given as objects, to an installation. */
export function applier(t: Owner, installation: () => Installation): TestApp['apply'] {
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'sample.openapi.yaml'), sampleDocument)
  const file = join(directory, 'tenant.json')
  return async (contents, { isReset = false } = {}) => {
    writeFileSync(
      file,
      JSON.stringify(contents, (_key, value) => withDocumentFile(directory, value)),
    )
    const { keys, database, contextFor, changes } = installation()
    const report = await applyTenantFile(prepareTenantFile(file, secretReaders(file, process.env)), {
      keys,
      directory: database.directory,
      contextFor: (tenantId) => contextFor(tenantId, { kind: 'tenant_file', id: 'tenant.json' }),
      isReset,
    })
    await changes.catchUp()
    return report
  }
}

/** A catalog entry may hold its `document` itself, for tests; the tenant file wants a file of its own. */
function withDocumentFile(directory: string, entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || !('document' in entry && 'name' in entry)) return entry
  const { document, ...rest } = entry
  const file = `${String(rest.name)}.openapi.json`
  writeFileSync(join(directory, file), JSON.stringify(document))
  return { ...rest, file }
}

function contextGetter(installation: () => Installation): TestApp['contextOf'] {
  return async (tenant = 'acme') => {
    const { database, contextFor } = installation()
    const { id } = await database.directory
      .selectFrom('tenant')
      .select('id')
      .where('name', '=', tenant)
      .executeTakeFirstOrThrow()
    return contextFor(id, { kind: 'operator', id: 'test' })
  }
}
