import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant } from '../columns.ts'

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await createTable(db, dialect, 'credential_use', {
    columns: { tenant_id: 'tenantId', credential_id: 'id', secret_id: 'id', last_at: 'time', daily_at: 'time' },
    primaryKey: ['tenant_id', 'credential_id', 'secret_id'],
  })
  await protectByTenant(db, dialect, 'credential_use')
}
