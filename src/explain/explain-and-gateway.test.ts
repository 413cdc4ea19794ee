import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { share } from '../../test/support/shared-app.ts'
import { clientFor, credentialOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer } from '../../test/support/test-app.ts'

const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const sources = ['idn:sources:read']

interface Persona {
  context: 'user' | 'application'
  userLevels: string[]
  scopes: string[]
}

const user = (userLevels: string[], scopes: string[]): Persona => ({ context: 'user', userLevels, scopes })
const application = (scopes: string[]): Persona => ({ context: 'application', userLevels: [], scopes })

/** Credentials of all kinds, each with the persona that it stands for. */
const personas = new Map<string, Persona>([
  ['admin', user(['ORG_ADMIN'], ['sp:scopes:all'])],
  ['admin-default', user(['ORG_ADMIN'], ['sp:scopes:default'])],
  ['admin-sources', user(['ORG_ADMIN'], sources)],
  ['admin-nothing', user(['ORG_ADMIN'], ['idn:none:read'])],
  ['source-admin', user(['SOURCE_ADMIN'], ['sp:scopes:all'])],
  ['source-admin-roles', user(['SOURCE_ADMIN'], ['idn:role-checked:read'])],
  ['role-admin', user(['ROLE_ADMIN', 'HELPDESK'], ['idn:role-checked:manage', 'idn:identity:read'])],
  ['helpdesk', user(['HELPDESK'], ['idn:identity:read', 'idn:mis-identity:read'])],
  ['nobody', user([], ['sp:scopes:all'])],
  ['nobody-groups', user([], ['idn:workgroup:read'])],
  ['app-all', application(['sp:scopes:all'])],
  ['app-sources', application(sources)],
  ['app-groups', application(['idn:workgroup:manage', 'idn:transform:read'])],
])

const identities = [...personas].flatMap(([alias, { context, userLevels, scopes: scope }]) =>
  context === 'user' ? [personFor('acme', alias, { userLevels }, { scope })] : [],
)
const oauthClients = [...personas].flatMap(([name, { context, scopes: scope }]) =>
  context === 'application' ? [clientFor('acme', name, { grantTypes: ['CLIENT_CREDENTIALS'], scope })] : [],
)

const shared = share(async (owner) => {
  const acme = tenantFileFor('acme', { isDefault: true, tenant: { settings }, identities, oauthClients })
  const app = await startTestApp(owner, { tenants: [acme] })
  const tokens = new Map<string, string>()
  for (const name of personas.keys()) tokens.set(name, await app.tokenFor(name))
  const { db, tenantId } = await app.contextOf()
  const { entries } = await app.app.services.catalogs.find(db, tenantId)
  return { app, tokens, operations: entries.filter(({ catalog }) => catalog.name === 'sample') }
})

const tokenOf = (name: string): string => shared().tokens.get(name) ?? ''

/** Asks as somebody for an explanation, which always exists. */
async function explained(asker: string, body: object): Promise<{ allowed: boolean; status: number; code: unknown }> {
  const answer = await shared().app.call('POST', '/sallyport/v1/explain', { token: tokenOf(asker), body })
  assert.equal(answer.status, 200, answer.text)
  const { allowed, status, reason } = answer.json()
  return { allowed, status, code: reason?.code }
}

/** What the gateway did, in the same words; what a served operation answers is its own affair. */
const verdictOf = ({ status, headers }: TestAnswer) =>
  status < 300
    ? { allowed: true, status: 200, code: undefined }
    : { allowed: false, status, code: headers['sallyport-reason'] }

const requests = (): { method: string; path: string }[] => [
  ...shared().operations.map(({ method, path }) => ({ method, path: path.replaceAll('{id}', 'a1') })),
  { method: 'GET', path: '/nosuch' },
  { method: 'DELETE', path: '/v3/sources' },
  { method: 'HEAD', path: '/v3/sources' },
  { method: 'PUT', path: '/sallyport/v1/explain' },
  { method: 'GET', path: '/sallyport/nosuch' },
]

for (const [name, persona] of personas) {
  test(`for ${name} each operation is explained as the gateway then answers: own token, credential and persona`, async () => {
    for (const { method, path } of requests()) {
      const gateway = verdictOf(await shared().app.call(method, path, { token: tokenOf(name) }))

      const question = { method, path, headers: {} }
      const { clientId } = credentialOf('acme', name)
      assert.deepEqual(await explained(name, question), gateway, `own ${method} ${path}`)
      assert.deepEqual(await explained('admin', { ...question, clientId }), gateway, `credential ${method} ${path}`)
      assert.deepEqual(await explained('nobody', { ...question, persona }), gateway, `persona ${method} ${path}`)
    }
  })
}

test('whatever is asked of whom, an explanation is what the gateway does', async () => {
  const headers = fc.constantFrom<Record<string, string>>({}, { 'X-SailPoint-Experimental': 'true' })
  const everyone = fc.constantFrom(...personas.keys())

  await fc.assert(
    fc.asyncProperty(everyone, fc.nat(), headers, async (name, at, sent) => {
      const all = requests()
      const { method, path } = all[at % all.length] ?? { method: 'GET', path: '/' }

      const gateway = verdictOf(await shared().app.call(method, path, { token: tokenOf(name), headers: sent }))

      assert.deepEqual(await explained(name, { method, path, headers: sent }), gateway)
    }),
    { numRuns: 100 },
  )
})

test('there is something to compare: every kind of verdict occurs', async () => {
  const seen = new Set<unknown>()
  for (const name of personas.keys())
    for (const { method, path } of requests())
      seen.add(verdictOf(await shared().app.call(method, path, { token: tokenOf(name) })).code)

  for (const code of [
    undefined,
    'operation.unknown',
    'operation.method_not_allowed',
    'header.experimental_required',
    'context.user_required',
    'scope.missing',
    'scope.beyond_level',
    'level.missing',
  ])
    assert.ok(seen.has(code), String(code))
})
