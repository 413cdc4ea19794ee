import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant } from '../columns.ts'

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await createTable(db, dialect, 'tenant_document', {
    columns: { tenant_id: 'tenantId', name: 'id', document: 'text', modified_at: 'time' },
    primaryKey: ['tenant_id', 'name'],
  })
  await protectByTenant(db, dialect, 'tenant_document')
}
