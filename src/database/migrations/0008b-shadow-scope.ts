import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant } from '../columns.ts'

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await createTable(db, dialect, 'shadow_scope', {
    columns: { tenant_id: 'tenantId', credential_id: 'id', scope: 'text', started_at: 'time' },
    primaryKey: ['tenant_id', 'credential_id'],
  })
  await protectByTenant(db, dialect, 'shadow_scope')
}
