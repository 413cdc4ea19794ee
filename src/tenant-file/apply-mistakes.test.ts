import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openApplyWorld } from '../../test/support/apply-world.ts'
import { findIdentityIdByAlias } from '../identities/find.ts'
import { setTenantState } from '../tenants/manage.ts'

const ADA = 'ff80818155fe8c080155fe8d925b0316'
const TOKEN = '86f1dc6fe8f54414950454cbb11278fa'

test('a token above the limit of the tenant is refused with its line; everything else is applied', async (t) => {
  const world = await openApplyWorld(t)

  const problems = await world.problems(`
tenant: { name: acme, settings: { tokens: { personalAccessTokensPerUser: 2 } } }
identities:
  - alias: ada
    personalAccessTokens:
      - name: one
      - name: two
      - name: three
  - alias: sam
`)

  assert.deepEqual(problems, [
    '8: identities[0].personalAccessTokens[2]: The owner holds as many personal access tokens as allowed. Delete one first.',
  ])
  const { db, tenantId } = await world.contextOf()
  assert.ok(await findIdentityIdByAlias(db, tenantId, 'sam'))
})

test('an eleventh token is refused with its line before anything is applied', async (t) => {
  const world = await openApplyWorld(t)
  const names = Array.from({ length: 11 }, (_, turn) => `      - name: token-${turn}`)

  const problems = await world.problems(
    ['tenant: { name: acme }', 'identities:', '  - alias: ada', '    personalAccessTokens:', ...names].join('\n'),
  )

  assert.deepEqual(problems, ['4: identities[0].personalAccessTokens: must be a list of at most 10 entries'])
  assert.equal((await world.contextOf()).tenantId, '')
})

test('tokens of the file count with those that were made elsewhere', async (t) => {
  const world = await openApplyWorld(t)
  const tokens = (from: number, count: number) =>
    Array.from({ length: count }, (_, turn) => ({ name: `token-${from + turn}` }))
  const file = (personalAccessTokens: object[]) => ({
    tenant: { name: 'acme' },
    identities: [{ alias: 'ada', personalAccessTokens }],
  })
  await world.apply(file(tokens(0, 8)))

  const problems = await world.problems(file(tokens(8, 3)))

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^\d+: identities\[0\]\.personalAccessTokens\[2\]: The owner holds as many/)
})

test("an id of a tenant, an identity or a token that is another's is refused with its line", async (t) => {
  const world = await openApplyWorld(t)
  await world.apply(`
tenant: { name: acme }
identities:
  - { alias: ada, id: ${ADA}, personalAccessTokens: [{ name: ci, id: ${TOKEN} }] }
`)

  assert.deepEqual(await world.problems('tenant:\n  name: acme\n  id: 58eb06a4-dcd7-4e96-8fac-cca2afc03e61'), [
    `3: tenant.id: the tenant acme has the id ${(await world.contextOf()).tenantId} already; leave the id out`,
  ])
  assert.deepEqual(
    await world.problems(`
tenant: { name: acme }
identities:
  - { alias: ada, id: ${'d'.repeat(32)} }
  - alias: sam
    personalAccessTokens:
      - name: ci
        id: ${TOKEN}
`),
    [
      `4: identities[0]: ada has the id ${ADA} already. Leave the id out, or give another alias.`,
      `7: identities[1].personalAccessTokens[0]: The personal access token ${TOKEN} belongs to another identity. Give another id.`,
    ],
  )
})

test('a vanity domain that is taken is refused with its line', async (t) => {
  const world = await openApplyWorld(t)
  await world.apply('tenant: { name: acme, vanityDomain: iga.acme.test }')
  await world.apply('tenant: { name: globex }')

  const problems = await world.problems('\ntenant: { name: globex, vanityDomain: iga.acme.test }')

  assert.deepEqual(problems, ['2: tenant: The vanity domain iga.acme.test is taken by another tenant.'])
})

test('a tenant that cannot be made is refused with its line, and nothing of its file is applied', async (t) => {
  const world = await openApplyWorld(t)
  await world.apply('tenant: { name: acme, vanityDomain: iga.acme.test }')
  const { tenantId } = await world.contextOf()
  const entries = async () =>
    (
      await world.database
        .forTenant(tenantId)
        .selectFrom('identity')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .execute()
    ).length

  const taken = `The name, id or vanity domain of globex is taken. Ids of deleted tenants stay so.`
  for (const words of ['vanityDomain: iga.acme.test', `id: ${tenantId}`])
    assert.deepEqual(await world.problems(`tenant: { name: globex, ${words} }\nidentities: [{ alias: ada }]`), [
      `1: tenant: ${taken}`,
    ])

  assert.equal(await entries(), 0)
})

test('a tenant that was deleted is never brought back by its id, nor by a reset', async (t) => {
  const world = await openApplyWorld(t)
  const file = 'tenant: { name: acme, id: 58eb06a4-dcd7-4e96-8fac-cca2afc03e61 }\nidentities: [{ alias: ada }]'
  await world.apply(file)
  await world.write((tx, ctx) => setTenantState(tx, ctx, 'deleted'))

  for (const isReset of [false, true])
    assert.match((await world.problems(file, { isReset }))[0] ?? '', /^1: tenant: The name, id .* is taken/)

  const fresh = await world.outcomes('tenant: { name: acme }\nidentities: [{ alias: ada }]')
  assert.deepEqual(fresh, ['tenant created', 'identity ada created'])
})

test('two catalogs that claim one operation are refused with the line of the second', async (t) => {
  const world = await openApplyWorld(t)
  const document = (path: string) =>
    `openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: { ${path}: { get: { responses: { '200': { description: Ok } } } } }`
  writeFileSync(join(world.folder, 'a.yaml'), document('/orders'))
  writeFileSync(join(world.folder, 'b.yaml'), document("'/orders'"))
  const file = (prefix: string) => `
tenant: { name: acme }
catalogs:
  - { name: a, file: a.yaml, upstream: sample }
  - { name: b, file: b.yaml, upstream: sample, prefix: '${prefix}' }
`

  assert.deepEqual(await world.problems(file('')), [
    '5: catalogs[1]: GET /orders of the catalog b is claimed by the catalog a too. Give one of them another prefix.',
  ])
  assert.deepEqual(await world.outcomes(file('/v3')), ['catalog b created (1 operation, 1 note)'])
})

test('every mistake is told, in the order of the lines', async (t) => {
  const world = await openApplyWorld(t)
  await world.apply(`
tenant: { name: acme }
identities: [{ alias: ada, id: ${ADA} }]
`)

  const problems = await world.problems(`
tenant: { name: acme }
identities:
  - { alias: ada, id: ${'a'.repeat(32)} }
  - { alias: sam, id: ${'b'.repeat(32)}, userLevels: [HELPDESK, HELPDESK] }
  - { alias: ada2, id: ${ADA}, personalAccessTokens: [{ name: a, id: ${TOKEN} }] }
  - { alias: zoe, personalAccessTokens: [{ name: b, id: ${'c'.repeat(32)} }] }
`)

  assert.deepEqual(
    problems.map((problem) => problem.split(':')[0]),
    ['4'],
  )
})
