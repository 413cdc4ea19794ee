import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const tenantTables: Record<string, TableSpec> = {
  succession_offer: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      credential_id: 'id',
      from_id: 'id',
      to_id: 'id',
      overlap_ms: 'number',
      offered_at: 'time',
      expires_at: 'time',
    },
    primaryKey: ['tenant_id', 'id'],
    unique: [['tenant_id', 'credential_id']],
  },
  handed_over_secret: {
    columns: {
      tenant_id: 'tenantId',
      former_owner_id: 'id',
      credential_id: 'id',
      secret_id: 'id',
      until: 'time',
    },
    primaryKey: ['tenant_id', 'former_owner_id', 'credential_id', 'secret_id'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
}
