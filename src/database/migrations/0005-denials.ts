import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const tenantTables: Record<string, TableSpec> = {
  denial: {
    columns: {
      tenant_id: 'tenantId',
      refused_at: 'time',
      tracking_id: 'id',
      client_id: 'id',
      identity_id: 'id',
      network: 'id',
      method: 'id',
      path: 'text',
      status: 'number',
      reason: 'id',
      explanation: 'text',
    },
    primaryKey: ['tenant_id', 'refused_at', 'tracking_id'],
    unique: [['tenant_id', 'tracking_id']],
  },
  denial_count: {
    columns: {
      tenant_id: 'tenantId',
      client_id: 'id',
      method: 'id',
      path: 'id',
      reason: 'id',
      hour: 'number',
      count: 'number',
      first_at: 'time',
      last_at: 'time',
      last_tracking_id: 'id',
    },
    primaryKey: ['tenant_id', 'client_id', 'method', 'path', 'reason', 'hour'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
}
