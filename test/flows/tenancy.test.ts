import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { setTenantState } from '../../src/tenants/manage.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../support/tenant-fixtures.ts'
import { DOMAIN, startTestApp } from '../support/test-app.ts'
import { decodeToken, postToken, proofOf } from '../support/token-requests.ts'
import { apiCatalog, startUpstream, valuesOf } from '../support/upstream.ts'

const TENANTS = ['acme', 'globex', 'initech'] as const
const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const hostOf = (tenant: string): string => `${tenant}.api.${DOMAIN}`
const TWIN = credentialOf('any', 'twin').clientId

/** Somebody whose name, id and client id are the same in every tenant; only the secret differs. */
const twinIn = (tenant: string): object =>
  personFor(
    tenant,
    'twin',
    { id: identityIdOf('any', 'twin'), email: 'twin@example.test', userLevels: ['ORG_ADMIN'] },
    { id: TWIN },
  )

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, {
    tenants: TENANTS.map((name) =>
      tenantFileFor(name, {
        isDefault: name === 'acme',
        tenant: { settings },
        identities: [twinIn(name)],
        catalogs: [apiCatalog(upstream.url)],
      }),
    ),
  })
  return { app, upstream }
})

const twinToken = async (tenant: string): Promise<string> => {
  const proof = { ...proofOf('twin', tenant), client_id: TWIN }
  return (await postToken(shared().app, proof, { host: hostOf(tenant) })).json().access_token
}

for (const [of, at] of [
  ['acme', 'globex'],
  ['globex', 'acme'],
] as const) {
  test(`a token of ${of} is worthless at ${at}, whether it was used at home before or not`, async () => {
    const { app } = shared()
    const token = await app.tokenFor('ada', of)

    const fresh = await app.call('GET', '/v3/things', { host: hostOf(at), token })
    const home = await app.call('GET', '/v3/things', { host: hostOf(of), token })
    const known = await app.call('GET', '/v3/things', { host: hostOf(at), token })

    assert.equal(home.status, 200)
    for (const { status, headers } of [fresh, known]) {
      assert.equal(status, 401)
      assert.equal(headers['sallyport-reason'], 'auth.wrong_tenant')
    }
    assert.equal(fresh.text, known.text)
  })

  test(`a token of ${of} is worthless for the routes of ours at ${at} as well`, async () => {
    const { app } = shared()
    const token = await app.tokenFor('ada', of)
    const body = { method: 'GET', path: '/v3/things' }

    const answer = await app.call('POST', '/sallyport/v1/explain', { host: hostOf(at), token, body })

    assert.equal(answer.status, 401)
  })
}

test('the same name, id and client id in two tenants are two identities, told apart by their secrets', async () => {
  const { app } = shared()
  const secretOf = (tenant: string) => ({ ...proofOf('twin', tenant), client_id: TWIN })

  const own = await postToken(app, secretOf('acme'), { host: hostOf('acme') })
  const crossed = await postToken(app, secretOf('globex'), { host: hostOf('acme') })
  const token = await twinToken('globex')
  const used = await app.call('GET', '/v3/things', { host: hostOf('acme'), token })

  assert.equal(own.status, 200)
  assert.deepEqual([crossed.status, crossed.json().error], [400, 'invalid_client'])
  assert.equal(used.status, 401)
})

test('what is remembered of one tenant never answers for another, however their requests mix', async () => {
  const { app, upstream } = shared()
  const tokens = new Map(await Promise.all(TENANTS.map(async (tenant) => [tenant, await twinToken(tenant)] as const)))
  const pair = fc.tuple(fc.constantFrom(...TENANTS), fc.constantFrom(...TENANTS))

  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 12 }), async (pairs) => {
      const before = upstream.received.length
      const answers = await Promise.all(
        pairs.map(([at, of]) => app.call('GET', '/v3/things', { host: hostOf(at), token: tokens.get(of) ?? '' })),
      )

      assert.deepEqual(
        answers.map(({ status }) => status),
        pairs.map(([at, of]) => (at === of ? 200 : 401)),
      )
      const served = upstream.received.slice(before).map((received) => {
        const { claims } = decodeToken(valuesOf(received, 'sallyport-context').join())
        return claims['org']
      })
      assert.deepEqual(
        served.toSorted((one, other) => String(one).localeCompare(String(other))),
        pairs
          .flatMap(([at, of]) => (at === of ? [at] : []))
          .toSorted((one, other) => String(one).localeCompare(String(other))),
      )
    }),
    { numRuns: 40 },
  )
})

test('each tenant publishes keys of its own', async () => {
  const { app } = shared()

  const kids = await Promise.all(
    TENANTS.flatMap((tenant) =>
      ['/oauth/jwks', '/oauth/context-jwks'].map(async (path) => {
        const { keys } = (await app.call('GET', path, { host: hostOf(tenant) })).json()
        return keys.map(({ kid }: { kid: string }) => kid)
      }),
    ),
  )

  assert.equal(new Set(kids.flat()).size, kids.flat().length)
  assert.ok(kids.flat().length >= TENANTS.length * 2)
})

test('one tenant’s budget of requests is not spent by its neighbour’s client of the same id', async (t) => {
  const limited = { rateLimit: { requests: 1, windowSeconds: 3600 } }
  const app = await startTestApp(t, {
    tenants: ['acme', 'globex'].map((name) =>
      tenantFileFor(name, { tenant: { settings: limited }, identities: [twinIn(name)] }),
    ),
  })
  const call = async (tenant: string): Promise<number> => {
    const host = hostOf(tenant)
    const { access_token: token } = (
      await postToken(app, { ...proofOf('twin', tenant), client_id: TWIN }, { host })
    ).json()
    return (await app.call('GET', '/v3/sources', { host, token })).status
  }

  assert.deepEqual([await call('acme'), await call('acme'), await call('globex')], [200, 429, 200])
})

test('a tenant that takes the name of a deleted one inherits nothing: tokens, credentials and keys are gone', async (t) => {
  const app = await startTestApp(t)
  const host = hostOf('globex')
  const [token, jwks] = [await app.tokenFor('ada', 'globex'), await app.call('GET', '/oauth/jwks', { host })]
  const ctx = await app.contextOf('globex')
  await ctx.db.transaction().execute((tx) => setTenantState(tx, ctx, 'deleted'))
  await app.installation.changes.catchUp()
  const deleted = await app.call('GET', '/v3/ping', { host })

  await app.apply({ tenant: { name: 'globex' } })

  const { tenantId } = await app.contextOf('globex')
  const answers = [
    await app.call('GET', '/v3/ping', { host, token }),
    await postToken(app, proofOf('ada', 'globex'), { host }),
  ]
  assert.equal(deleted.status, 404)
  assert.notEqual(tenantId, ctx.tenantId)
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 400],
  )
  assert.notEqual((await app.call('GET', '/oauth/jwks', { host })).text, jwks.text)
})
