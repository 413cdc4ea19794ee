import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAuditChain } from '../../src/audit/chain.ts'
import { tenantTables } from '../support/query-auditor.ts'
import { share } from '../support/shared-app.ts'
import { startTestApp, type TestAnswer } from '../support/test-app.ts'
import type { Asked, Endpoint, Race } from './management/endpoint.ts'
import { layoutsOf } from './management/layouts.ts'
import { endpoints } from './management/table.ts'
import { tenants, World } from './management/world.ts'

const world = share(async (owner) => new World(await startTestApp(owner, { tenants })))
const layouts = () => layoutsOf(world().app.app.routes)
const layoutsAt = (operation: string): readonly string[] =>
  layouts().get(operation) ?? assert.fail(`${operation} is not served`)

/** What is counted of calls, and not what anybody can change. */
const COUNTERS = new Set(['activity', 'usage_count', 'denial', 'denial_count', 'credential_use'])

/** Everything there is of acme. */
async function everythingOfAcme(): Promise<Map<string, string>> {
  const { db, tenantId } = await world().app.contextOf()
  const tables = [...tenantTables].filter((table) => !COUNTERS.has(table))
  const rows = await Promise.all(
    tables.map((table) =>
      db
        .selectFrom(table as 'identity')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .execute(),
    ),
  )
  return new Map(
    tables.map((table, index) => [
      table,
      (rows[index] ?? [])
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n'),
    ]),
  )
}

const isRefused = ({ status }: TestAnswer): boolean => status >= 400
const outcomeOf = ({ status, headers }: TestAnswer): number | string =>
  status === 403 ? String(headers['sallyport-reason']) : status

test('every management endpoint that is served has a row in the table, and every row is served', () => {
  assert.deepEqual(endpoints.map(({ operation }) => operation).toSorted(), [...layouts().keys()].toSorted())
})

for (const endpoint of endpoints)
  test(`${endpoint.operation}: nobody, another tenant and a plain user get what they should, in every layout`, async () => {
    for (const operation of layoutsAt(endpoint.operation)) {
      const asked = await endpoint.ask(world())
      await refusesNobody(operation, asked)
      if (!endpoint.isEndless) await keepsTenantsApart(endpoint, operation, asked)
      await answersPlainUser(endpoint, operation, asked)
      if (endpoint.isEndless) continue
      const { status, text } = await world().call(operation, asked, { token: await world().token('ada') })
      assert.equal(status, endpoint.ok, `${operation}: ${text}`)
    }
  })

async function refusesNobody(operation: string, asked: Asked): Promise<void> {
  const foreign = await world().token('ada')
  for (const caller of [{}, { token: 'no.real.token' }, { token: foreign, tenant: 'globex' }]) {
    const { status, json } = await world().call(operation, asked, caller)
    assert.equal(status, 401, operation)
    assert.deepEqual(Object.keys(json()), ['error'])
  }
}

async function keepsTenantsApart(endpoint: Endpoint, operation: string, asked: Asked): Promise<void> {
  const before = await everythingOfAcme()

  const caller = { token: await world().token('ada', 'globex'), tenant: 'globex' }
  const answer = await world().call(operation, renamed(asked), caller)

  assert.equal(answer.status, endpoint.elsewhere, `${operation}: ${answer.text}`)
  assert.deepEqual(await everythingOfAcme(), before, operation)
  if (!isRefused(answer)) assert.doesNotMatch(answer.text, /acme/, operation)
}

/** What globex makes is called something else, so that acme's names are acme's. */
const renamed = ({ path, query = '', body }: Asked): Asked => ({
  ...(path && { path }),
  query: query.replaceAll('acme-thing', 'globex-thing'),
  ...(body && { body: JSON.parse(JSON.stringify(body).replaceAll('acme-thing', 'globex-thing')) }),
})

async function answersPlainUser(endpoint: Endpoint, operation: string, asked: Asked): Promise<void> {
  const before = await everythingOfAcme()

  const answer = await world().call(operation, asked, { token: await world().token('paul') })

  const { plain } = endpoint
  const expected = typeof plain === 'function' ? plain(operation) : plain
  assert.equal(outcomeOf(answer), expected, `${operation}: ${answer.text}`)
  if (isRefused(answer)) assert.deepEqual(await everythingOfAcme(), before, operation)
}

for (const { operation, ask, races = [] } of endpoints)
  for (const race of races)
    test(`${operation}: at once with ${race.rival ? 'another change' : 'the same'}, each is served whole or refused`, async () => {
      const asked = await ask(world())

      const statuses = await raced(operation, asked, race)

      const [one = 0, other = 0] = statuses
      const isExpected = race.outcomes.some(
        ([first, second]) => (one === first && other === second) || (!race.rival && one === second && other === first),
      )
      assert.ok(isExpected, `${statuses.join()} is none of ${JSON.stringify(race.outcomes)}`)
      await race.holds?.(world(), asked)
      await auditTrailIsWhole()
    })

/** Sends a request and its rival at the same time, each in the latest layout. */
async function raced(operation: string, asked: Asked, { rival }: Race): Promise<number[]> {
  const token = await world().token('ada')
  const other = rival?.(asked) ?? { operation, ...asked }
  const answers = await Promise.all([
    world().call(latest(operation), asked, { token }),
    world().call(latest(other.operation), other, { token }),
  ])
  return answers.map(({ status }) => status)
}

const latest = (operation: string): string => {
  const served = layoutsAt(operation)
  return served.find((each) => each.includes(' /v2026/')) ?? served[0] ?? operation
}

async function auditTrailIsWhole(): Promise<void> {
  const { db, tenantId } = await world().app.contextOf()
  const { brokenAt } = await verifyAuditChain(db, tenantId, world().app.installation.keys.auditKey(tenantId))
  assert.equal(brokenAt, undefined)
}
