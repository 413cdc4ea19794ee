import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Schema } from '../../src/database/schema.ts'
import { tenantFromRow } from '../../src/tenants/tenant.ts'
import { type FormBrowser, hiddenFieldsOf, openFormBrowser, PASSWORD } from './sign-in.ts'
import { startTestApp, type TestAnswer, type TestApp } from './test-app.ts'
import type { Owner } from './test-database.ts'
import { identityIdOf, personFor, tenantFileFor } from './tenant-fixtures.ts'

const clientId = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const grantTypes = ['AUTHORIZATION_CODE', 'REFRESH_TOKEN']

/** Clients that people sign in to, each of another kind. */
export const clients = {
  web: {
    name: 'Web',
    id: clientId('web'),
    grantTypes,
    redirectUris: ['https://app.example/cb', 'https://app.example/cb?tenant=1&code=mine'],
    scope: ['idn:identity:read', 'idn:source:read'],
  },
  spa: {
    name: 'Spa',
    id: clientId('spa'),
    type: 'PUBLIC',
    grantTypes,
    redirectUris: ['https://spa.example/cb'],
    scope: ['idn:identity:read', 'idn:source:read'],
  },
  desktop: {
    name: '"><svg onload=alert(1)>',
    id: clientId('desktop'),
    type: 'PUBLIC',
    grantTypes,
    redirectUris: ['http://127.0.0.1/cb', 'com.example.desktop:/cb'],
    scope: ['sp:scopes:all'],
  },
  machine: {
    name: 'Machine',
    id: clientId('machine'),
    grantTypes: ['CLIENT_CREDENTIALS'],
    redirectUris: ['https://machine.example/cb'],
  },
  off: { name: 'Off', id: clientId('off'), grantTypes, redirectUris: ['https://off.example/cb'], enabled: false },
} as const

export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
export const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

/** The secret of a CONFIDENTIAL client. */
export const secretOf = (id: string): string => createHash('sha256').update(`${id} secret`).digest('hex')

const withSecret = (client: { id: string; type?: string }): object =>
  client.type === 'PUBLIC' ? client : { ...client, secret: secretOf(client.id) }

/** A server whose tenant acme has these clients, and on demand Grace, who has a password. */
export async function startAuthorizeApp(
  t: Owner,
  { settings = {}, isGraceThere = false }: { settings?: object; isGraceThere?: boolean } = {},
): Promise<TestApp> {
  const elsewhere = { name: 'Elsewhere', id: elsewhereId, grantTypes, redirectUris: ['https://app.example/cb'] }
  return startTestApp(t, {
    tenants: [
      tenantFileFor('acme', {
        isDefault: true,
        tenant: { settings },
        identities: isGraceThere ? [personFor('acme', 'grace', { password: PASSWORD })] : [],
        oauthClients: Object.values(clients).map(withSecret),
        catalogs: [],
      }),
      tenantFileFor('globex', { oauthClients: [withSecret(elsewhere)], catalogs: [] }),
    ],
  })
}

/** The client of the other tenant. */
export const elsewhereId = clientId('globex')

export type Parameters = Readonly<Record<string, string>>

/** The query of an authorization request that is in order, with changes. */
export function authorizePath(client: keyof typeof clients, changes: Parameters = {}): string {
  const { id, redirectUris } = clients[client]
  const base = { response_type: 'code', client_id: id, redirect_uri: redirectUris[0], state: 's-1', ...PKCE }
  return `/oauth/authorize?${new URLSearchParams({ ...base, ...changes }).toString()}`
}

/** A browser that people give codes with; `signInAs` is a sign-in without its page. */
export interface CodeBrowser extends FormBrowser {
  /** Goes on until a page, sign-in, or a redirect to another site. */
  follow: (path: string) => Promise<TestAnswer>
  /** Sends the consent form of a page. */
  decide: (page: TestAnswer, decision: string, changes?: Parameters) => Promise<TestAnswer>
  signInAs: (alias: string) => Promise<void>
}

/** A browser of its own on acme's site. */
export function openCodeBrowser(app: TestApp): CodeBrowser {
  const browser = openFormBrowser(app)
  return {
    ...browser,
    follow: async (path) => {
      let answer = await browser.get(path)
      while (/^\/(?!login)/.test(locationOf(answer))) answer = await browser.get(locationOf(answer))
      return answer
    },
    decide: (page, decision, changes = {}) =>
      browser.post('/oauth/authorize/consent', { ...hiddenFieldsOf(page.text), decision, ...changes }),
    signInAs: async (alias) => void browser.cookies.set('sallyport-session', await startSession(app, alias)),
  }
}

async function startSession({ app, contextOf, installation }: TestApp, alias: string): Promise<string> {
  const ctx = await contextOf('acme')
  const row = await installation.database.directory
    .selectFrom('tenant')
    .selectAll()
    .where('id', '=', ctx.tenantId)
    .executeTakeFirstOrThrow()
  const start = {
    identityId: identityIdOf('acme', alias),
    isRemembered: false,
    position: installation.changes.position,
    cookieHeader: undefined,
  }
  const line = await ctx.db
    .transaction()
    .execute((tx) => app.services.sessions.start(tx, ctx, tenantFromRow(row), start))
  return /^sallyport-session=([^;]+)/.exec(line)?.[1] ?? ''
}

/** Reads what the database of acme holds in a table. */
export async function rowsOf<Table extends 'audit_event' | 'activity' | 'authorization_code' | 'consent'>(
  app: TestApp,
  table: Table,
): Promise<Selectable<Schema[Table]>[]> {
  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom(table as 'consent')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .execute()
  return rows as unknown as Selectable<Schema[Table]>[]
}

/** The audit events of acme with this action, oldest first. */
export async function auditOf(app: TestApp, action: string): Promise<Selectable<Schema['audit_event']>[]> {
  return (await rowsOf(app, 'audit_event')).filter((event) => event.action === action)
}

/** Where an answer leads; empty where it does not. */
export const locationOf = ({ headers }: TestAnswer): string => String(headers['location'] ?? '')

/** What a client is sent, which must be by 303 and to this redirect URI. */
export function answerAt(answer: TestAnswer, redirectUri: string): Record<string, string> {
  assert.equal(answer.status, 303, answer.text)
  const location = locationOf(answer)
  assert.ok(location.startsWith(redirectUri), location)
  assert.ok(!location.includes('#'), location)
  return Object.fromEntries(new URL(location).searchParams)
}
