import type { Tx } from '../../src/database/schema.ts'

/** Reads a counter of the tenant, then writes the next number: two transactions that do so at once must not both win. */
export async function takeNumber(tx: Tx, tenantId: string): Promise<number> {
  const before = await tx
    .selectFrom('tenant_counter')
    .select('value')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', 'test')
    .executeTakeFirst()
  const value = (before?.value ?? 0) + 1
  await tx
    .insertInto('tenant_counter')
    .values({ tenant_id: tenantId, name: 'test', value })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ value }))
    .execute()
  return value
}
