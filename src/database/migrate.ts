import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { OperatorError } from '../errors.ts'
import type { Dialect } from './columns.ts'
import * as foundation from './migrations/0001-foundation.ts'
import * as signIn from './migrations/0002-sign-in.ts'
import * as credentialUse from './migrations/0006-credential-use.ts'
import * as people from './migrations/0007-people.ts'
import * as usage from './migrations/0008-usage.ts'
import * as denials from './migrations/0005-denials.ts'
import * as succession from './migrations/0008a-succession.ts'
import * as shadowScope from './migrations/0008b-shadow-scope.ts'
import * as expiryNotices from './migrations/0008c-expiry-notices.ts'
import * as tenantDocuments from './migrations/0009-tenant-documents.ts'
import * as expiryIndexes from './migrations/0010-expiry-indexes.ts'
import * as guardIndex from './migrations/0011-guard-index.ts'

type MigrationStep = (db: Kysely<never>, dialect: Dialect) => Promise<void>

/** Every migration by name, in order. Released ones are never edited. */
const steps: Record<string, MigrationStep> = {
  '0001-foundation': foundation.up,
  '0002-sign-in': signIn.up,
  '0006-credential-use': credentialUse.up,
  '0007-people': people.up,
  '0008-usage': usage.up,
  '0009-tenant-documents': tenantDocuments.up,
  '0010-expiry-indexes': expiryIndexes.up,
  '0011-guard-index': guardIndex.up,
  '0005-denials': denials.up,
  '0008a-succession': succession.up,
  '0008b-shadow-scope': shadowScope.up,
  '0008c-expiry-notices': expiryNotices.up,
}

/**
 * Brings the schema up to date under the migration lock, all steps in one transaction.
 * @throws OperatorError when a step fails or the database is newer than this release.
 */
export async function migrate(db: Kysely<never>, dialect: Dialect): Promise<void> {
  const migrations: Record<string, Migration> = {}
  for (const [name, step] of Object.entries(steps))
    migrations[name] = { up: (tx) => step(tx as Kysely<never>, dialect) }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  if (error instanceof Error && /corrupted migrations/.test(error.message))
    throw new OperatorError('The database was made by a newer Sallyport. Start that release, or restore a backup.', {
      cause: error,
    })
  throw new OperatorError(`The database could not be migrated: ${error instanceof Error ? error.message : 'unknown'}`, {
    cause: error,
  })
}
