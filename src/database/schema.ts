import type { Kysely, Selectable, Transaction } from 'kysely'
import type { DenialCountTable, DenialTable } from './denial-tables.ts'
import type { LifecycleSchema } from './lifecycle-schema.ts'
import type { UserLevelTable, PublicIdentityConfigTable } from './people-tables.ts'
import type {
  SessionTable,
  SignInGuardTable,
  PasswordResetTable,
  ConsentTable,
  AuthorizationCodeTable,
  RefreshFamilyTable,
} from './sign-in-tables.ts'

/**
 * Column conventions, the same on SQLite and PostgreSQL: ids are text compared byte by byte, times are integer
 * milliseconds since 1970, flags are 0 or 1, lists and documents are JSON text, digests and ciphertexts are bytes.
 */
type Flag = 0 | 1

export interface InstanceTable {
  /** Always 1: there is one installation in a database. */
  singleton: number
  id: string
  master_key_check: Buffer
  created_at: number
}

/** An organisation; the only table that names it otherwise than by id. */
export interface TenantTable {
  id: string
  name: string
  display_name: string
  is_default: Flag
  vanity_domain: string | null
  state: 'active' | 'suspended' | 'deleted'
  /** Raised by a restore: what was issued under a lower epoch is dead. 0..255. */
  epoch: number
  settings: string
  created_at: number
  modified_at: number
}

/** One row per lane; the row lock, held until commit, makes the sequence follow commit order. */
export interface PodClockTable {
  lane: number
  seq: number
}

export interface ChangeLogTable {
  lane: number
  seq: number
  tenant_id: string
  kind: string
  subject: string
  /** 1: whatever was issued to the subject before this position is dead. */
  is_cut_off: Flag
  recorded_at: number
}

export interface SigningKeyTable {
  tenant_id: string
  kid: string
  purpose: 'access' | 'context'
  /** 1, 2, 3 ...: two nodes that make the first key at once cannot both succeed. */
  generation: number
  public_jwk: string
  wrapped_private_key: Buffer
  created_at: number
  /** From when the key signs; it is published before. */
  activates_at: number
  /** From when the key no longer verifies; null while no end is set. */
  retires_at: number | null
}

/** A person or a machine. */
export interface IdentityTable {
  tenant_id: string
  id: string
  user_number: number
  alias: string
  display_name: string
  email: string | null
  kind: 'HUMAN' | 'MACHINE'
  enabled: Flag
  password_hash: string | null
  created_at: number
  modified_at: number
}

export interface IdentityUserLevelTable {
  tenant_id: string
  identity_id: string
  user_level: string
}

export interface OauthClientTable {
  tenant_id: string
  id: string
  name: string
  description: string
  business_name: string
  homepage_url: string
  type: 'CONFIDENTIAL' | 'PUBLIC'
  grant_types: string
  redirect_uris: string
  scope: string
  access_token_validity_seconds: number
  refresh_token_validity_seconds: number
  access_type: 'ONLINE' | 'OFFLINE'
  pkce_required: Flag
  strong_auth_supported: Flag
  claims_supported: Flag
  internal: Flag
  enabled: Flag
  created_at: number
  modified_at: number
}

export interface PersonalAccessTokenTable {
  tenant_id: string
  id: string
  owner_id: string
  /** 1..10: two PATs of one owner cannot share a slot, so an eleventh has nowhere to go. */
  slot: number
  name: string
  scope: string
  access_token_validity_seconds: number
  expires_at: number | null
  never_expires_acknowledged: Flag
  managed: Flag
  created_at: number
  modified_at: number
}

export interface CredentialSecretTable {
  tenant_id: string
  /** The personal access token or oauth client that the secret belongs to. */
  credential_id: string
  id: string
  digest: Buffer
  created_at: number
  /** When the secret stops working; null while it is live without an end. Retired secrets stay as evidence. */
  retired_at: number | null
}

/** When a credential, or one of its secrets, last obtained a token. */
export interface CredentialUseTable {
  tenant_id: string
  credential_id: string
  /** Empty for the credential as a whole. */
  secret_id: string
  /** The beginning of the minute of the latest use. */
  last_at: number
  /** As ISC tells it: moved on at most once a day. */
  daily_at: number
}

/** Ids of deleted credentials: never given out or brought back again. */
export interface DeletedCredentialTable {
  tenant_id: string
  credential_id: string
  deleted_at: number
}

export interface TenantCounterTable {
  tenant_id: string
  name: string
  value: number
}

export interface AuditChainTable {
  tenant_id: string
  position: number
  mac: Buffer
}

export interface AuditEventTable {
  tenant_id: string
  position: number
  recorded_at: number
  actor_kind: string
  actor_id: string
  action: string
  target_kind: string
  target_id: string
  outcome: 'success' | 'refused'
  network: string
  tracking_id: string
  details: string
  mac: Buffer
}

/** Counts of mints and refusals, one row per client, minute and reason. */
export interface ActivityTable {
  tenant_id: string
  minute: number
  client_id: string
  action: string
  reason: string
  count: number
  last_at: number
}

export interface CatalogTable {
  tenant_id: string
  name: string
  prefix: string
  upstream: string
  schemes: string
  document: Buffer
  document_digest: string
  created_at: number
  modified_at: number
}

export interface ScopeGrantTable {
  tenant_id: string
  scope: string
  user_levels: string
}

/** The latest cut-off of a client, an identity or the tenant: what was issued to it below this position is dead for good. */
export interface CutOffTable {
  tenant_id: string
  kind: string
  subject: string
  position: number
}

export interface TenantFileEntryTable {
  tenant_id: string
  entry: string
  /** The id of what the entry made; empty where its name is its id. */
  subject: string
  digest: string
  applied_at: number
}

/** Configuration that a tenant has once, kept as it is written. */
export interface TenantDocumentTable {
  tenant_id: string
  name: string
  document: string
  modified_at: number
}

/** Tables that belong to the installation, not to a tenant. */
export interface DirectorySchema {
  instance: InstanceTable
  tenant: TenantTable
  pod_clock: PodClockTable
  change_log: ChangeLogTable
}

/** Tables whose every key begins with `tenant_id`; on PostgreSQL each has row-level security. */
export interface TenantSchema extends LifecycleSchema {
  signing_key: SigningKeyTable
  identity: IdentityTable
  identity_user_level: IdentityUserLevelTable
  user_level: UserLevelTable
  public_identity_config: PublicIdentityConfigTable
  oauth_client: OauthClientTable
  personal_access_token: PersonalAccessTokenTable
  credential_secret: CredentialSecretTable
  credential_use: CredentialUseTable
  deleted_credential: DeletedCredentialTable
  tenant_counter: TenantCounterTable
  audit_chain: AuditChainTable
  audit_event: AuditEventTable
  activity: ActivityTable
  denial: DenialTable
  denial_count: DenialCountTable
  catalog: CatalogTable
  scope_grant: ScopeGrantTable
  tenant_file_entry: TenantFileEntryTable
  cut_off: CutOffTable
  session: SessionTable
  sign_in_guard: SignInGuardTable
  password_reset: PasswordResetTable
  consent: ConsentTable
  authorization_code: AuthorizationCodeTable
  refresh_family: RefreshFamilyTable
  tenant_document: TenantDocumentTable
}

export type Schema = DirectorySchema & TenantSchema

/** A tenant as stored. */
export type TenantRow = Selectable<TenantTable>
/** A change as logged. */
export type ChangeLogRow = Selectable<ChangeLogTable>
/** A signing key as stored. */
export type SigningKeyRow = Selectable<SigningKeyTable>
/** An identity as stored. */
export type IdentityRow = Selectable<IdentityTable>
/** A custom user level as stored. */
export type UserLevelRow = Selectable<UserLevelTable>
/** An API client as stored. */
export type OauthClientRow = Selectable<OauthClientTable>
/** A personal access token as stored. */
export type PersonalAccessTokenRow = Selectable<PersonalAccessTokenTable>
/** An audit event as stored. */
export type AuditEventRow = Selectable<AuditEventTable>
/** A catalog as stored. */
export type CatalogRow = Selectable<CatalogTable>
/** A session as stored. */
export type SessionRow = Selectable<SessionTable>
/** An authorization code as stored. */
export type AuthorizationCodeRow = Selectable<AuthorizationCodeTable>
/** A family of tokens as stored. */
export type RefreshFamilyRow = Selectable<RefreshFamilyTable>

/** The tables of the installation: tenants, the change log. */
export type Directory = Kysely<DirectorySchema>
/** The pool of one tenant, or a transaction of it: for functions that are right in either. */
export type Database = Kysely<Schema>
/** A Database that is inside a transaction; ask for it when two writes must stand or fall together. */
export type Tx = Transaction<Schema>
