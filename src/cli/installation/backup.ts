import type { Command } from 'commander'
import type { Flags, Settings } from '../../config/settings.ts'
import { OperatorError } from '../../errors.ts'
import type { Installation } from '../../installation.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, runCommand } from '../terminal/output.ts'
import { addSettingOptions, installationKeys, settingsOf } from './settings-options.ts'

/** Adds `sallyport backup create|restore|restored`. */
export function registerBackup(program: Command, io: Io): void {
  const backup = program.command('backup').description('copy an installation on SQLite, and put a copy back')
  const add = (usage: string, description: string): Command =>
    addSettingOptions(backup.command(usage).description(description), installationKeys)

  add('create <directory>', 'copy the database into a new directory, while the server runs').action(
    (directory: string, flags: Flags) => runCommand(io, {}, () => create(io, settingsOf(flags, io), directory)),
  )
  add('restore <directory>', 'put a backup into a new data directory, and end all tokens and sessions').action(
    (directory: string, flags: Flags) => runCommand(io, {}, () => restore(io, settingsOf(flags, io), directory)),
  )
  add('restored', 'after a restore by other means: end all tokens and sessions').action((flags: Flags) =>
    runCommand(io, {}, () => endAll(io, settingsOf(flags, io))),
  )
}

async function create(io: Io, settings: Settings, directory: string): Promise<void> {
  requireSqlite(settings)
  const { backUpInstallation } = await import('../../database/backup.ts')
  await backUpInstallation(settings.data, directory)
  printHint(io, `${directory} holds the database and its marker, checked and whole.`)
  if (settings.masterKey !== undefined)
    printHint(io, 'The master key is not in it. Keep SALLYPORT_MASTER_KEY apart from it.')
  else
    printHint(
      io,
      `The master key is not in it. Keep a copy of ${settings.masterKeyFile} apart: without it the backup is worthless.`,
    )
}

async function restore(io: Io, settings: Settings, directory: string): Promise<void> {
  requireSqlite(settings)
  const [{ putBack }, { existsSync }] = await Promise.all([import('../../database/backup.ts'), import('node:fs')])
  const { data, masterKey, masterKeyFile } = settings
  if (masterKey === undefined && !existsSync(masterKeyFile))
    throw new OperatorError(
      `The master key ${masterKeyFile} is not there, and it is not part of a backup. Name it with --master-key-file.`,
    )
  putBack(directory, data)
  await endAll(io, settings)
}

async function endAll(io: Io, settings: Settings): Promise<void> {
  const { withInstallation } = await import('./with-installation.ts')
  await withInstallation(settings, (installation) => raiseAll(io, installation))
  printHint(io, 'Disable and delete again what was disabled and deleted since the backup: that is not in it.')
}

async function raiseAll(io: Io, { database, contextFor }: Installation): Promise<void> {
  const [{ listTenants }, { raiseEpoch }, { operator }, { writeTransaction }] = await Promise.all([
    import('../../tenants/find.ts'),
    import('../../tenants/raise-epoch.ts'),
    import('./operator.ts'),
    import('../../database/write-transaction.ts'),
  ])
  for (const { id, name } of await listTenants(database.directory)) {
    const ctx = contextFor(id, operator())
    const epoch = await writeTransaction(ctx.db, (tx) => raiseEpoch(tx, ctx))
    printHint(io, `${name}: every token and session from before is dead (epoch ${epoch}).`)
  }
}

function requireSqlite({ databaseUrl }: Settings): void {
  if (databaseUrl === undefined) return
  throw new OperatorError(
    'The database is PostgreSQL, which has better tools: use pg_dump or base backups, and copy master.key and ' +
      'instance.json of the data directory. After a restore, run: sallyport backup restored',
  )
}
