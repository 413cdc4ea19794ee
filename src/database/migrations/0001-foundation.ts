import type { Kysely } from 'kysely'
import { createTable, type Dialect, protectByTenant, type TableSpec } from '../columns.ts'

const directoryTables: Record<string, TableSpec> = {
  instance: {
    columns: { singleton: 'number', id: 'id', master_key_check: 'bytes', created_at: 'time' },
    primaryKey: ['singleton'],
  },
  tenant: {
    columns: {
      id: 'tenantId',
      name: 'id',
      display_name: 'text',
      is_default: 'flag',
      vanity_domain: 'id?',
      state: 'id',
      epoch: 'number',
      settings: 'text',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['id'],
    unique: [['name'], ['vanity_domain']],
  },
  pod_clock: { columns: { lane: 'number', seq: 'number' }, primaryKey: ['lane'] },
  change_log: {
    columns: {
      lane: 'number',
      seq: 'number',
      tenant_id: 'tenantId',
      kind: 'id',
      subject: 'id',
      is_cut_off: 'flag',
      recorded_at: 'time',
    },
    primaryKey: ['lane', 'seq'],
  },
}

const tenantTables: Record<string, TableSpec> = {
  signing_key: {
    columns: {
      tenant_id: 'tenantId',
      kid: 'id',
      purpose: 'id',
      generation: 'number',
      public_jwk: 'text',
      wrapped_private_key: 'bytes',
      created_at: 'time',
      activates_at: 'time',
      retires_at: 'time?',
    },
    primaryKey: ['tenant_id', 'kid'],
    unique: [['tenant_id', 'purpose', 'generation']],
  },
  identity: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      user_number: 'number',
      alias: 'id',
      display_name: 'text',
      email: 'id?',
      kind: 'id',
      enabled: 'flag',
      password_hash: 'text?',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['tenant_id', 'id'],
    unique: [
      ['tenant_id', 'alias'],
      ['tenant_id', 'user_number'],
    ],
  },
  identity_user_level: {
    columns: { tenant_id: 'tenantId', identity_id: 'id', user_level: 'id' },
    primaryKey: ['tenant_id', 'identity_id', 'user_level'],
  },
  oauth_client: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      name: 'text',
      description: 'text',
      business_name: 'text',
      homepage_url: 'text',
      type: 'id',
      grant_types: 'text',
      redirect_uris: 'text',
      scope: 'text',
      access_token_validity_seconds: 'number',
      refresh_token_validity_seconds: 'number',
      access_type: 'id',
      pkce_required: 'flag',
      strong_auth_supported: 'flag',
      claims_supported: 'flag',
      internal: 'flag',
      enabled: 'flag',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['tenant_id', 'id'],
  },
  personal_access_token: {
    columns: {
      tenant_id: 'tenantId',
      id: 'id',
      owner_id: 'id',
      slot: 'number',
      name: 'id',
      scope: 'text',
      access_token_validity_seconds: 'number',
      expires_at: 'time?',
      never_expires_acknowledged: 'flag',
      managed: 'flag',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['tenant_id', 'id'],
    unique: [
      ['tenant_id', 'owner_id', 'slot'],
      ['tenant_id', 'owner_id', 'name'],
    ],
  },
  credential_secret: {
    columns: {
      tenant_id: 'tenantId',
      credential_id: 'id',
      id: 'id',
      digest: 'bytes',
      created_at: 'time',
      retired_at: 'time?',
    },
    primaryKey: ['tenant_id', 'credential_id', 'id'],
  },
  deleted_credential: {
    columns: { tenant_id: 'tenantId', credential_id: 'id', deleted_at: 'time' },
    primaryKey: ['tenant_id', 'credential_id'],
  },
  tenant_counter: {
    columns: { tenant_id: 'tenantId', name: 'id', value: 'number' },
    primaryKey: ['tenant_id', 'name'],
  },
  audit_chain: {
    columns: { tenant_id: 'tenantId', position: 'number', mac: 'bytes' },
    primaryKey: ['tenant_id'],
  },
  audit_event: {
    columns: {
      tenant_id: 'tenantId',
      position: 'number',
      recorded_at: 'time',
      actor_kind: 'id',
      actor_id: 'id',
      action: 'id',
      target_kind: 'id',
      target_id: 'id',
      outcome: 'id',
      network: 'id',
      tracking_id: 'id',
      details: 'text',
      mac: 'bytes',
    },
    primaryKey: ['tenant_id', 'position'],
  },
  activity: {
    columns: {
      tenant_id: 'tenantId',
      minute: 'number',
      client_id: 'id',
      action: 'id',
      reason: 'id',
      count: 'number',
      last_at: 'time',
    },
    primaryKey: ['tenant_id', 'minute', 'client_id', 'action', 'reason'],
  },
  catalog: {
    columns: {
      tenant_id: 'tenantId',
      name: 'id',
      prefix: 'text',
      upstream: 'text',
      schemes: 'text',
      document: 'bytes',
      document_digest: 'text',
      created_at: 'time',
      modified_at: 'time',
    },
    primaryKey: ['tenant_id', 'name'],
  },
  scope_grant: {
    columns: { tenant_id: 'tenantId', scope: 'id', user_levels: 'text' },
    primaryKey: ['tenant_id', 'scope'],
  },
  tenant_file_entry: {
    columns: { tenant_id: 'tenantId', entry: 'id', subject: 'id', digest: 'text', applied_at: 'time' },
    primaryKey: ['tenant_id', 'entry'],
  },
}

export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  for (const [name, spec] of Object.entries(directoryTables)) await createTable(db, dialect, name, spec)
  for (const [name, spec] of Object.entries(tenantTables)) {
    await createTable(db, dialect, name, spec)
    await protectByTenant(db, dialect, name)
  }
  await (db as unknown as Kysely<{ pod_clock: { lane: number; seq: number } }>)
    .insertInto('pod_clock')
    .values({ lane: 0, seq: 0 })
    .execute()
}
