import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const tenantTables: Record<string, TableSpec> = {
  user_level: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      slot: 'number',
      name: 'text',
      folded_name: 'id',
      description: 'text',
      owner_id: 'id',
      right_sets: 'text',
      status: 'id',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['tenant_id', 'id'],
    unique: [
      ['tenant_id', 'slot'],
      ['tenant_id', 'folded_name'],
    ],
  },
  public_identity_config: {
    columns: { tenant_id: 'tenantId', attributes: 'text', modified_by: 'id?', modified_at: 'time' },
    primaryKey: ['tenant_id'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
}
