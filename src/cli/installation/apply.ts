import { type Command, Option } from 'commander'
import type { Flags } from '../../config/settings.ts'
import type { Installation } from '../../installation.ts'
import type { Io } from '../terminal/io.ts'
import { runCommand } from '../terminal/output.ts'
import { addSettingOptions, installationKeys, settingsOf } from './settings-options.ts'

interface ApplyFlags {
  file: string
  reset?: boolean
  [setting: string]: unknown
}

/** Adds `sallyport apply -f FILE`: brings a tenant to what a file says. A running server follows by itself. */
export function registerApply(program: Command, io: Io): void {
  const command = program
    .command('apply')
    .description('apply a tenant file; what was changed or deleted since it was last applied stays so')
    .addOption(new Option('-f, --file <file>', 'the tenant file, YAML or JSON').makeOptionMandatory())
    .option('--reset', 'apply every entry anew, and bring back deleted credentials and retired secrets')
  addSettingOptions(command, installationKeys).action(({ file, reset, ...flags }: ApplyFlags) =>
    runCommand(io, {}, () => apply(io, { file, isReset: reset === true, flags: flags as Flags })),
  )
}

async function apply(
  io: Io,
  { file, isReset, flags }: { file: string; isReset: boolean; flags: Flags },
): Promise<void> {
  const [{ withInstallation }, { applyPrepared, prepareFile }, { secretReaders }, { printApplied, secretPrinter }] =
    await Promise.all([
      import('./with-installation.ts'),
      import('./apply-file.ts'),
      import('../../tenant-file/secrets.ts'),
      import('./print-applied.ts'),
    ])
  const settings = settingsOf(flags, io)
  const prepared = prepareFile(file, secretReaders(file, io.env))
  const run = async (installation: Installation): Promise<void> =>
    printApplied(io, await applyPrepared(installation, prepared, { file, isReset, onMadeSecret: secretPrinter(io) }), {
      isQuiet: false,
    })
  await withInstallation(settings, run, { mayBeNew: true })
}
