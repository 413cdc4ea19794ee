import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const tenantTables: Record<string, TableSpec> = {
  cut_off: {
    columns: { tenant_id: 'tenantId', kind: 'id', subject: 'id', position: 'number' },
    primaryKey: ['tenant_id', 'kind', 'subject'],
  },
  session: {
    columns: {
      tenant_id: 'tenantId',
      digest: 'id',
      identity_id: 'id',
      authenticated_at: 'time',
      last_seen_at: 'time',
      idle_ms: 'number',
      expires_at: 'time',
      is_remembered: 'flag',
      issued_position: 'number',
    },
    primaryKey: ['tenant_id', 'digest'],
  },
  sign_in_guard: {
    columns: {
      tenant_id: 'tenantId',
      identity_id: 'id',
      failures: 'number',
      window_started_at: 'time',
      locked_until: 'time?',
    },
    primaryKey: ['tenant_id', 'identity_id'],
  },
  password_reset: {
    columns: {
      tenant_id: 'tenantId',
      digest: 'id',
      identity_id: 'id',
      created_at: 'time',
      expires_at: 'time',
      used_at: 'time?',
    },
    primaryKey: ['tenant_id', 'digest'],
  },
  consent: {
    columns: { tenant_id: 'tenantId', identity_id: 'id', client_id: 'id', scope: 'text', granted_at: 'time' },
    primaryKey: ['tenant_id', 'identity_id', 'client_id'],
  },
  authorization_code: {
    columns: {
      tenant_id: 'tenantId',
      digest: 'id',
      interaction_id: 'id',
      client_id: 'id',
      identity_id: 'id',
      redirect_uri: 'text',
      scope: 'text',
      code_challenge: 'id?',
      issued_position: 'number',
      created_at: 'time',
      expires_at: 'time',
      used_at: 'time?',
      family_id: 'id?',
    },
    primaryKey: ['tenant_id', 'digest'],
    unique: [['tenant_id', 'interaction_id']],
  },
  refresh_family: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      client_id: 'id',
      identity_id: 'id',
      scope: 'text',
      generation: 'number',
      rotated_at: 'time',
      issued_position: 'number',
      created_at: 'time',
      expires_at: 'time',
      revoked_at: 'time?',
    },
    primaryKey: ['tenant_id', 'id'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
}
