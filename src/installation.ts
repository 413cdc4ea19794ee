import type { LogConfig } from 'kysely'
import { ChangeLog } from './change-log/change-log.ts'
import { type Clock, monotonicMs, systemClock } from './clock.ts'
import { openDataDirectory } from './database/data-directory.ts'
import { bindInstance } from './database/instance.ts'
import { type DatabaseHandle, openPostgres, openSqlite } from './database/open.ts'
import { newTrackingId } from './http/tracking-id.ts'
import { deriveServerKeys, readMasterKey, type ServerKeys } from './keys/master-key.ts'
import type { Actor, RequestContext } from './request-context.ts'

/** What every process of an installation opens: its database, its keys, and its place in the change log. */
export interface Installation {
  readonly database: DatabaseHandle
  readonly keys: ServerKeys
  readonly changes: ChangeLog
  readonly nowMs: Clock
  readonly monotonicMs: Clock
  /** A context of one tenant, for what is not a request: commands, tenant files, background work. */
  readonly contextFor: (tenantId: string, actor: Actor) => RequestContext
  close(): Promise<void>
}

export interface InstallationOptions {
  /** The data directory. */
  data: string
  databaseUrl?: string | undefined
  migrationUrl?: string | undefined
  databasePoolSize: number
  databaseStatementTimeoutMs: number
  masterKey?: string | undefined
  masterKeyFile: string
  maxStalenessMs: number
  nowMs?: Clock | undefined
  /** Sees every statement. */
  log?: LogConfig | undefined
}

/**
 * Opens an installation, or makes a new one where the data directory is empty.
 * @throws OperatorError when database, data directory and master key do not belong together.
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { databaseUrl, nowMs = systemClock } = options
  const directory = openDataDirectory(options.data, databaseUrl === undefined ? 'sqlite' : 'postgres')
  const keys = deriveServerKeys(
    readMasterKey({ value: options.masterKey, file: options.masterKeyFile, mayCreate: directory.isNew }),
  )
  const database =
    databaseUrl === undefined
      ? await openSqlite(directory.databaseFile, options.log)
      : await openPostgres(postgresSettings(options, databaseUrl), options.log)
  try {
    await bindInstance(directory, database.directory, keys.check, nowMs())
  } catch (error) {
    await database.close()
    throw error
  }
  // An embedded database has its only reader in this process: what it reads is never stale.
  const maxStalenessMs = database.dialect === 'sqlite' ? Number.POSITIVE_INFINITY : options.maxStalenessMs
  const changes = new ChangeLog({ directory: database.directory, monotonicMs, maxStalenessMs })
  return {
    database,
    keys,
    changes,
    nowMs,
    monotonicMs,
    contextFor: (tenantId, actor) => ({
      db: database.forTenant(tenantId),
      tenantId,
      auditKey: keys.auditKey(tenantId),
      actor,
      nowMs: nowMs(),
      trackingId: newTrackingId(),
      network: '',
    }),
    close: async () => {
      changes.stop()
      await database.close()
    },
  }
}

const postgresSettings = (options: InstallationOptions, url: string) => ({
  url,
  migrationUrl: options.migrationUrl,
  poolSize: options.databasePoolSize,
  statementTimeoutMs: options.databaseStatementTimeoutMs,
})
