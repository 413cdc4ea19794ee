import type { LogConfig, LogEvent } from 'kysely'

/** Tables whose every key begins with `tenant_id`: all but those of the installation. */
const TENANT_TABLES =
  /"(?:signing_key|identity|identity_user_level|oauth_client|personal_access_token|credential_secret|deleted_credential|tenant_counter|audit_chain|audit_event|activity|catalog|scope_grant|tenant_file_entry)"/
const NAMES_TENANT = /"tenant_id" = |insert into "[a-z_]+" \([^)]*"tenant_id"/
const SCHEMA_STATEMENT = /^\s*(?:create|alter|drop|pragma|grant)\b/i

/**
 * Fails a test in which a statement touches a tenant's table without naming the tenant: the wall that SQLite has in
 * place of row-level security. Give `log` to the database, and call `assertClean` at the end.
 */
export function auditQueries(): { log: LogConfig; assertClean: () => void } {
  const unbound = new Set<string>()
  return {
    log: (event: LogEvent) => {
      const { sql } = event.query
      if (TENANT_TABLES.test(sql) && !NAMES_TENANT.test(sql) && !SCHEMA_STATEMENT.test(sql)) unbound.add(sql)
    },
    assertClean: () => {
      if (unbound.size > 0)
        throw new Error(`statements on tenants' tables without a tenant:\n${[...unbound].join('\n')}`)
    },
  }
}
