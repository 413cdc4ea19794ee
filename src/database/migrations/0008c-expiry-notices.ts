import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const tenantTables: Record<string, TableSpec> = {
  expiry_notice: {
    columns: {
      tenant_id: 'tenantId',
      credential_id: 'id',
      expires_at: 'time',
      days_before: 'number',
      channel: 'id',
      attempts: 'number',
      leased_until: 'time',
      sent_at: 'time?',
    },
    primaryKey: ['tenant_id', 'credential_id', 'expires_at', 'days_before', 'channel'],
  },
  notice_webhook: {
    columns: { tenant_id: 'tenantId', url: 'text', salt: 'id', modified_at: 'time' },
    primaryKey: ['tenant_id'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
}
