import type { Database } from '../database/schema.ts'

export async function findTokenIdsOfOwner(db: Database, tenantId: string, ownerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('personal_access_token')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .execute()
  return rows.map(({ id }) => id)
}
