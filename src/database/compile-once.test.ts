import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { compileOnce } from './compile-once.ts'

const app = shareTestApp()

test('a query that is compiled once answers each call by the values of that call', async () => {
  const { db, tenantId } = await app().contextOf()
  let builds = 0
  const find = compileOnce((on, { tenant, alias }: { tenant: string; alias: string }) => {
    builds += 1
    return on
      .selectFrom('identity')
      .select('alias')
      .where('tenant_id', '=', tenant)
      .where('alias', '=', alias)
      .compile()
  })

  const [ada, sam, nobody] = await Promise.all(
    ['ada', 'sam', 'nobody'].map((alias) => find(db, { tenant: tenantId, alias })),
  )

  assert.deepEqual([ada?.rows, sam?.rows, nobody?.rows], [[{ alias: 'ada' }], [{ alias: 'sam' }], []])
  assert.equal(builds, 1)
})

test('values are given in the order of the statement, and may be null and used twice', async () => {
  const { db, tenantId } = await app().contextOf()
  const find = compileOnce((on, { id, name, none }: { id: string; name: string; none: string | null }) =>
    sql`select "tenant_id" from "identity" where "alias" = ${name} and "tenant_id" = ${id} and cast(${none} as text) is null
      and "tenant_id" = ${id}`.compile(on),
  )

  const { rows } = await find(db, { id: tenantId, name: 'ada', none: null })

  assert.deepEqual(rows, [{ tenant_id: tenantId }])
})

test('a value that is missing is an error, and no statement runs', async () => {
  const { db } = await app().contextOf()
  const find = compileOnce((on, { alias }: { alias: string }) => sql`select 1 where ${alias} = 'ada'`.compile(on))

  assert.throws(() => void find(db, {} as { alias: string }), /no value for alias/)
})
