import type { Command } from 'commander'
import type { Installation } from '../../installation.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { asking } from '../connection/asking.ts'
import type { AuditListOptions } from './audit-list.ts'
import type { Io } from '../terminal/io.ts'
import {
  addOutputOptions,
  type OutputOptions,
  outputFormat,
  printHint,
  printJson,
  printRows,
  runCommand,
} from '../terminal/output.ts'
import { type LocalFlags, locally } from '../installation/locally.ts'
import { addSettingOptions, installationKeys } from '../installation/settings-options.ts'

/** Adds `sallyport audit verify`: is every tenant's audit trail whole? And `audit list`, which asks a server. */
export function registerAudit(program: Command, io: Io): void {
  const audit = program.command('audit').description('read and check the audit trail')
  addList(audit, io)
  const verify = audit
    .command('verify')
    .description('prove that no audit event was altered, moved or removed; exit code 10 if one was')
  addSettingOptions(addOutputOptions(verify), installationKeys).action((flags: LocalFlags) =>
    locally(io, flags, (installation) => verifyAll(io, installation, flags)),
  )
}

function addList(audit: Command, io: Io): void {
  const list = audit
    .command('list')
    .description('list audit events, the newest first')
    .option('--action <action>', 'what was done, or how it begins: personal_access_token.')
    .option('--actor <id>', 'by this identity or client')
    .option('--target <id>', 'to this identity, credential or tenant')
    .option('--filters <filters>', 'anything else: created ge 2026-05-01T00:00:00Z and outcome eq "refused"')
    .option('--limit <count>', 'at most so many, up to 250')
  asking(list).action((options: AuditListOptions) =>
    runCommand(io, options, async () => (await import('./audit-list.ts')).listAudit(io, options)),
  )
}

async function verifyAll(io: Io, { database, keys }: Installation, options: OutputOptions): Promise<void> {
  const [{ listTenantsEver }, { verifyAuditChain }] = await Promise.all([
    import('../../tenants/find.ts'),
    import('../../audit/chain.ts'),
  ])
  const format = outputFormat(options, io)
  const verdicts = []
  for (const { id, name } of await listTenantsEver(database.directory)) {
    const { events, brokenAt } = await verifyAuditChain(database.forTenant(id), id, keys.auditKey(id))
    verdicts.push({ tenant: name, events, brokenAt: brokenAt ?? null })
  }
  if (format === 'json') printJson(io, verdicts)
  else
    printRows(
      io,
      verdicts.map(({ tenant, events, brokenAt }) => [
        tenant,
        brokenAt === null ? `whole, ${events} ${events === 1 ? 'event' : 'events'}` : `BROKEN at event ${brokenAt}`,
      ]),
      format,
    )
  if (verdicts.length === 0) printHint(io, 'There is no tenant yet, and so no audit trail.')
  if (verdicts.some(({ brokenAt }) => brokenAt !== null)) io.setExitCode(exitCodes.no)
}
