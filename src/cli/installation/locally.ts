import type { Flags } from '../../config/settings.ts'
import type { Installation } from '../../installation.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputOptions, runCommand } from '../terminal/output.ts'
import { settingsOf } from './settings-options.ts'

/** What a command on the installation itself is told. */
export type LocalFlags = OutputOptions & Flags

/** Runs a command on the installation itself. What that is made of is loaded only here. */
export function locally(
  io: Io,
  flags: LocalFlags,
  run: (installation: Installation) => Promise<void>,
  options: { mayBeNew?: boolean } = {},
): Promise<void> {
  return runCommand(io, flags, async () => {
    const { withInstallation } = await import('./with-installation.ts')
    await withInstallation(settingsOf(flags, io), run, options)
  })
}
