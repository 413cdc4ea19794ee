import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { Agent, request } from 'undici'
import { type App, buildApp } from '../../src/app.ts'
import { type Installation, openInstallation } from '../../src/installation.ts'
import type { RequestContext } from '../../src/request-context.ts'
import { type ApplyReport, applyTenantFile } from '../../src/tenant-file/apply.ts'
import { prepareTenantFile } from '../../src/tenant-file/prepare.ts'
import { secretReaders } from '../../src/tenant-file/secrets.ts'
import { auditQueries } from './query-auditor.ts'
import { credentialOf, tenantFileFor } from './tenant-fixtures.ts'
import { temporaryDirectory, testInstallationOptions } from './test-database.ts'

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
  // biome-ignore lint: a test knows what it asked for
  json: () => any
}

export interface TestApp {
  app: App
  installation: Installation
  /** Where the server really listens. */
  origin: string
  clock: { nowMs: number; advance: (ms: number) => void }
  call: (method: string, path: string, call?: TestCall) => Promise<TestAnswer>
  /** An access token for a fixture's credential: `tokenFor('ada')`, `tokenFor('app-nightly', 'globex')`. */
  tokenFor: (name: string, tenant?: string) => Promise<string>
  /** Applies a tenant file, given as an object. */
  apply: (file: object, options?: { isReset?: boolean }) => Promise<ApplyReport>
  /** A context of the operator in a tenant of this name. */
  contextOf: (tenant?: string) => Promise<RequestContext>
}

/** A server on a database of its own with the tenants acme (the default) and globex, over real HTTP; gone when the test ends. */
export async function startTestApp(t: TestContext, options: { tenants?: object[] } = {}): Promise<TestApp> {
  const clock = { nowMs: START_MS, advance: (ms: number) => void (clock.nowMs += ms) }
  const { log, assertClean } = auditQueries()
  const installation = await openInstallation({ ...(await testInstallationOptions(t)), nowMs: () => clock.nowMs, log })
  const apply = applier(t, installation)
  for (const file of options.tenants ?? [tenantFileFor('acme', { isDefault: true }), tenantFileFor('globex')])
    await apply(file)
  const app = await buildApp({
    installation,
    address: () => ({ scheme: 'http', domain: DOMAIN }),
    pod: 'test',
    log: pino({ level: 'silent' }),
    isTrustedProxy: () => false,
  })
  await installation.changes.start()
  await app.services.cutOffs.load()
  app.services.activity.start()
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}`
  const agent = new Agent()
  t.after(async () => {
    await agent.destroy()
    await app.close()
    await installation.close()
    assertClean()
  })
  const call = caller(origin, agent)
  return {
    app,
    installation,
    origin,
    clock,
    call,
    apply,
    tokenFor: tokenGetter(call),
    contextOf: contextGetter(installation),
  }
}

function caller(origin: string, dispatcher: Agent): TestApp['call'] {
  return async (method, path, { host = DOMAIN, headers = {}, body, token } = {}) => {
    const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
    const response = await request(origin + path, {
      dispatcher,
      method: method as 'GET',
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

const sampleDocument = fileURLToPath(new URL('../../examples/sample.openapi.yaml', import.meta.url))

function applier(t: TestContext, { keys, database, contextFor, changes }: Installation): TestApp['apply'] {
  const directory = temporaryDirectory(t)
  copyFileSync(sampleDocument, join(directory, 'sample.openapi.yaml'))
  const file = join(directory, 'tenant.json')
  return async (contents, { isReset = false } = {}) => {
    writeFileSync(file, JSON.stringify(contents))
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

function contextGetter({ database, contextFor }: Installation): TestApp['contextOf'] {
  return async (tenant = 'acme') => {
    const { id } = await database.directory
      .selectFrom('tenant')
      .select('id')
      .where('name', '=', tenant)
      .executeTakeFirstOrThrow()
    return contextFor(id, { kind: 'operator', id: 'test' })
  }
}
