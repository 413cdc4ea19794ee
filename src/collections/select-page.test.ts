import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { type CollectionParameters, readCollectionQuery } from './collection-query.ts'
import type { Field, Fields } from './fields.ts'
import type { Comparison, Filter, Literal } from './filter.ts'
import { anyFilterOf, bare, comparing, printFilter, quoted } from '../../test/support/any-filter.ts'
import { selectPage } from './select-page.ts'

const fields = {
  id: { column: 'oauth_client.id', kind: 'id', operators: ['eq', 'in', 'co', 'sw', 'gt'] },
  name: {
    column: 'name',
    kind: 'text',
    operators: ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'co', 'sw', 'in', 'pr', 'isnull'],
    isSortable: true,
  },
  nick: {
    column: sql`nullif(${sql.ref('business_name')}, '')`,
    kind: 'text',
    operators: ['eq', 'ne', 'gt', 'le', 'co', 'sw', 'in', 'pr', 'isnull'],
    isSortable: true,
  },
  scope: { column: sql`nullif(${sql.ref('scope')}, '')`, kind: 'list', operators: ['ca', 'pr', 'isnull'] },
  enabled: { column: 'enabled', kind: 'flag', operators: ['eq', 'ne'] },
  created: { column: 'created_at', kind: 'time', operators: ['eq', 'gt', 'ge', 'lt', 'le'], isSortable: true },
  seconds: {
    column: 'access_token_validity_seconds',
    kind: 'number',
    operators: ['eq', 'gt', 'le', 'in'],
    isSortable: true,
  },
} satisfies Fields

interface Row {
  id: string
  name: string
  nick: string | null
  scope: string[] | null
  enabled: number
  created: number
  seconds: number
}

const texts = [
  'a',
  'A',
  'ab',
  'ä',
  'Ä',
  'straße',
  'STRASSE',
  'ΟΔΟΣ',
  'οδος',
  '50%',
  '5_',
  '50\\%',
  '_',
  '[',
  '"',
  "'",
  '😀',
  '',
]
const scopes = ['a:read', 'A:READ', '"', ',', 'x","y', 'ä']

const anyRow = fc.record({
  name: fc.constantFrom(...texts, 'abäß😀%', 'zz'),
  nick: fc.option(fc.constantFrom(...texts.filter((text) => text !== ''))),
  scope: fc.option(fc.array(fc.constantFrom(...scopes), { maxLength: 3 })),
  enabled: fc.constantFrom(0, 1),
  created: fc.integer({ min: 0, max: 3 }).map((day) => Date.UTC(2026, 4, 20 + day)),
  seconds: fc.integer({ min: 15, max: 18 }),
})

const anyText = fc.constantFrom(...texts).map(quoted)
const ids = ['00', '01', '02', 'A1', '0%']
const anyComparison: fc.Arbitrary<Comparison<Literal>> = fc.oneof(
  comparing('id', fields.id.operators, fc.constantFrom(...ids).map(quoted)),
  comparing('name', fields.name.operators, anyText),
  comparing('nick', fields.nick.operators, anyText),
  comparing('scope', fields.scope.operators, fc.constantFrom(...scopes).map(quoted)),
  comparing('enabled', fields.enabled.operators, fc.constantFrom('true', 'false').map(bare)),
  comparing('created', fields.created.operators, fc.constantFrom('2026-05-21', '2026-05-22T00:00:00Z').map(bare)),
  comparing('seconds', fields.seconds.operators, fc.constantFrom('15', '16', '99').map(bare)),
)

const bytes = (text: string) => Buffer.from(text)
const fold = (text: string) => text.toUpperCase()
const compare = (a: string | number, b: string | number): number =>
  typeof a === 'string' ? Buffer.compare(bytes(a), bytes(String(b))) : a - Number(b)

/** What a filter means, told without SQL. */
function isTrueOf(filter: Filter, row: Row): boolean {
  if (filter.kind === 'not') return !isTrueOf(filter.operand, row)
  if (filter.kind === 'comparison') return holds(filter, row)
  const results = filter.operands.map((operand) => isTrueOf(operand, row))
  return filter.kind === 'and' ? results.every(Boolean) : results.some(Boolean)
}

function holds({ field, operator, values }: Comparison<Literal>, row: Row): boolean {
  const value = row[field as keyof Row]
  if (operator === 'isnull') return value === null
  if (operator === 'pr') return value !== null
  if (value === null) return operator === 'ne'
  if (Array.isArray(value)) return values.every(({ text }) => value.map(fold).includes(fold(text)))
  const { kind }: Field = fields[field as keyof Row]
  const isFolded = kind === 'text' || operator === 'co' || operator === 'sw'
  const comparable = (one: string | number) => (isFolded ? fold(String(one)) : one)
  const left = comparable(value)
  const rights = values.map(({ text }) => comparable(typed(kind, text)))
  const [right = ''] = rights
  return {
    eq: () => left === right,
    ne: () => left !== right,
    gt: () => compare(left, right) > 0,
    ge: () => compare(left, right) >= 0,
    lt: () => compare(left, right) < 0,
    le: () => compare(left, right) <= 0,
    co: () => String(left).includes(String(right)),
    sw: () => String(left).startsWith(String(right)),
    in: () => rights.includes(left),
    ca: () => false,
  }[operator]()
}

function typed(kind: Field['kind'], text: string): string | number {
  if (kind === 'time') return Date.parse(text)
  if (kind === 'flag') return text === 'true' ? 1 : 0
  return kind === 'number' ? Number(text) : text
}

interface World {
  fill: (rows: readonly Omit<Row, 'id'>[]) => Promise<Row[]>
  ask: (parameters: CollectionParameters) => Promise<{ ids: string[]; total: number | undefined }>
}

async function world(t: TestContext): Promise<World> {
  const { makeTenant } = await openTestInstallation(t)
  const { db, tenantId } = (await makeTenant('acme'))()
  const other = (await makeTenant('globex'))()
  await insert(other.db, other.tenantId, [{ ...stranger, id: '00' }])
  return {
    fill: async (rows) => {
      await db.deleteFrom('oauth_client').where('tenant_id', '=', tenantId).execute()
      const numbered = rows.map((row, index) => ({ ...row, id: ids[index] ?? `x${index}` }))
      if (numbered.length > 0) await insert(db, tenantId, numbered)
      return numbered
    },
    ask: async (parameters) => {
      const query = db.selectFrom('oauth_client').select('id').where('tenant_id', '=', tenantId)
      const page = await selectPage(db, query, readCollectionQuery(parameters, fields), 'oauth_client.id')
      return { ids: page.items.map(({ id }) => id), total: page.total }
    },
  }
}

const stranger: Omit<Row, 'id'> = { name: 'a', nick: 'a', scope: ['a:read'], enabled: 1, created: 0, seconds: 15 }

const plain = {
  description: '',
  homepage_url: '',
  type: 'PUBLIC',
  grant_types: '[]',
  redirect_uris: '[]',
  refresh_token_validity_seconds: 60,
  access_type: 'ONLINE',
  pkce_required: 0,
  strong_auth_supported: 0,
  claims_supported: 0,
  internal: 0,
  modified_at: 0,
} as const

async function insert(db: Database, tenantId: string, rows: readonly Row[]): Promise<void> {
  const values = rows.map(({ id, name, nick, scope, enabled, created, seconds }) => ({
    ...plain,
    tenant_id: tenantId,
    id,
    name,
    business_name: nick ?? '',
    scope: scope ? JSON.stringify(scope) : '',
    access_token_validity_seconds: seconds,
    enabled: enabled as 0 | 1,
    created_at: created,
  }))
  await db.insertInto('oauth_client').values(values).execute()
}

test('a filter finds on this database what it means', async (t) => {
  const { fill, ask } = await world(t)

  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { maxLength: 6 }),
      fc.array(anyFilterOf(anyComparison), { minLength: 5, maxLength: 5 }),
      async (rows, filters) => {
        const stored = await fill(rows)
        for (const filter of filters) {
          const { ids: found, total } = await ask({ filters: printFilter(filter), count: 'true' })
          const meant = stored.filter((row) => isTrueOf(filter, row)).map(({ id }) => id)
          assert.deepEqual(found, meant.toSorted(compare), printFilter(filter))
          assert.equal(total, meant.length)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('rows are sorted as asked, without regard to case, what is missing last, and ties by id', async (t) => {
  const { fill, ask } = await world(t)

  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { maxLength: 8 }),
      fc.uniqueArray(fc.constantFrom('name', 'nick', 'created', 'seconds'), { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      async (rows, names, isDescending) => {
        const stored = await fill(rows)
        const sorters = names.map((name, index) => `${isDescending[index] ? '-' : ''}${name}`)

        const { ids: found } = await ask({ sorters: sorters.join(',') })

        const keys = names.map((name, index) => ({ name: name as keyof Row, sign: isDescending[index] ? -1 : 1 }))
        assert.deepEqual(
          found,
          stored.toSorted((a, b) => compareRows(a, b, keys)).map(({ id }) => id),
        )
      },
    ),
    { numRuns: 40 },
  )
})

function compareRows(a: Row, b: Row, keys: readonly { name: keyof Row; sign: number }[]): number {
  for (const { name, sign } of keys) {
    const [left, right] = [a[name], b[name]].map((value) => (typeof value === 'string' ? fold(value) : value))
    const order =
      Number(left === null) - Number(right === null) || (left === null ? 0 : compare(left as string, right as string))
    if (order !== 0) return order * sign
  }
  return compare(a.id, b.id)
}

test('pages that follow each other hold every row once, and the count is of all', async (t) => {
  const { fill, ask } = await world(t)
  const stored = await fill(Array.from({ length: 23 }, (_, index) => ({ ...stranger, seconds: 15 + (index % 2) })))

  const pages = await Promise.all(
    [0, 10, 20, 30].map((offset) => ask({ limit: '10', offset: String(offset), sorters: 'name', count: 'true' })),
  )

  assert.deepEqual(
    pages.map(({ ids: found }) => found.length),
    [10, 10, 3, 0],
  )
  assert.deepEqual(
    pages.flatMap(({ ids: found }) => found),
    stored.map(({ id }) => id).toSorted(compare),
  )
  assert.deepEqual(await ask({ limit: '0', count: 'true', filters: 'seconds eq 15' }), { ids: [], total: 12 })
  assert.equal((await ask({})).total, undefined)
})

const injections = [
  `' or 1=1 --`,
  `") or tenant_id is not null or ("`,
  `a" or name pr`,
  `%' escape '\\' or '1'='1`,
  `$1`,
  `?`,
  `\\`,
  `*/; drop table oauth_client; --`,
]

test('a value is a value, whatever it holds', async (t) => {
  const { fill, ask } = await world(t)
  const stored = await fill(injections.map((name) => ({ ...stranger, name, scope: [name] })))

  for (const { id, name } of stored)
    for (const condition of [
      'name eq V',
      'name in (V)',
      'name co V and name sw V and name le V and name ge V',
      'scope ca (V)',
    ]) {
      const filters = condition.replaceAll('V', () => JSON.stringify(name))
      assert.deepEqual((await ask({ filters: `${filters} and name eq ${JSON.stringify(name)}` })).ids, [id], filters)
    }
})

test('filters of many shapes leave no prepared statement behind each', async (t) => {
  const { db } = (await (await openTestInstallation(t)).makeTenant('acme'))()
  if (process.env['TEST_DATABASE'] !== 'postgres') return

  await db.connection().execute(async (one) => {
    const kept = () => sql<{ n: number }>`select count(*)::int as n from pg_prepared_statements`.execute(one)
    await kept()
    const before = (await kept()).rows[0]?.n
    for (let length = 1; length <= 20; length += 1) {
      const filters = Array(length).fill('name eq "a"').join(' or ')
      const query = one.selectFrom('oauth_client').select('id').where('tenant_id', '=', TENANT)
      await selectPage(one, query, readCollectionQuery({ filters, count: 'true' }, fields), 'id')
    }
    assert.equal((await kept()).rows[0]?.n, before)
  })
})

const TENANT = '5f0c9d52-1f0c-4d3a-8f6e-0f2f6f1d2a31'
