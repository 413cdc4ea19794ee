import type { LogEvent } from 'kysely'
import type { TenantSchema } from '../../src/database/schema.ts'

/** Tables whose every key begins with `tenant_id`, which are all that hold something of a tenant. */
export const tenantTables: ReadonlySet<string> = new Set(
  Object.keys({
    signing_key: true,
    identity: true,
    identity_user_level: true,
    user_level: true,
    public_identity_config: true,
    oauth_client: true,
    personal_access_token: true,
    credential_secret: true,
    credential_use: true,
    deleted_credential: true,
    tenant_counter: true,
    audit_chain: true,
    audit_event: true,
    activity: true,
    usage_count: true,
    denial: true,
    denial_count: true,
    succession_offer: true,
    handed_over_secret: true,
    shadow_scope: true,
    expiry_notice: true,
    notice_webhook: true,
    catalog: true,
    scope_grant: true,
    tenant_file_entry: true,
    cut_off: true,
    session: true,
    sign_in_guard: true,
    password_reset: true,
    consent: true,
    authorization_code: true,
    refresh_family: true,
    tenant_document: true,
  } satisfies Record<keyof TenantSchema, true>),
)

const TABLE = /\b(from|join|update|into)\s+"([a-z_]+)"/gi
const BINDING = /"tenant_id" = /g
const BOUND_TO_PARAMETER = /"tenant_id" = (?:\?|\$\d+)/
const BOUND_OR_NOT = /"tenant_id" = (?:\?|\$\d+) or\b|\bor (?:"[a-z_]+"\.)?"tenant_id" = /
const INSERTED_TENANT = /^insert into "[a-z_]+" \([^)]*"tenant_id"/
const SCHEMA_STATEMENT = /^\s*(?:create|alter|drop|pragma|grant)\b/i

/**
 * Whether a statement may reach rows of more than one tenant: it uses a tenant's table, in a join or a subquery too,
 * without holding it to a tenant.
 */
export function isUnbound(sql: string): boolean {
  const uses = [...sql.matchAll(TABLE)].filter(([, , table = '']) => tenantTables.has(table))
  if (uses.length === 0 || SCHEMA_STATEMENT.test(sql)) return false
  const isInsert = uses.some(([, verb = '']) => verb.toLowerCase() === 'into')
  if (isInsert && !INSERTED_TENANT.test(sql)) return true
  const read = uses.length - (isInsert ? 1 : 0)
  if (read === 0) return false
  return !BOUND_TO_PARAMETER.test(sql) || BOUND_OR_NOT.test(sql) || [...sql.matchAll(BINDING)].length < read
}

/**
 * Fails a test in which a statement may reach rows of more than one tenant: the wall that SQLite has in place of
 * row-level security. Give `log` to the database, and call `assertClean` at the end.
 */
export function auditQueries(): { log: (event: LogEvent) => void; assertClean: () => void } {
  const unbound = new Set<string>()
  return {
    log: ({ query: { sql } }) => {
      if (isUnbound(sql)) unbound.add(sql)
    },
    assertClean: () => {
      if (unbound.size > 0)
        throw new Error(`statements on tenants' tables without a tenant:\n${[...unbound].join('\n')}`)
    },
  }
}
