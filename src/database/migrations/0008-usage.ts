import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant } from '../columns.ts'

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await createTable(db, dialect, 'usage_count', {
    columns: {
      tenant_id: 'tenantId',
      kind: 'id',
      client_id: 'id',
      day: 'number',
      method: 'id',
      subject: 'id',
      count: 'number',
      last_at: 'time',
    },
    primaryKey: ['tenant_id', 'kind', 'client_id', 'day', 'method', 'subject'],
  })
  await protectByTenant(db, dialect, 'usage_count')
}
