import { existsSync } from 'node:fs'
import type { Settings } from '../../config/settings.ts'
import { OperatorError } from '../../errors.ts'
import { type Installation, openInstallation } from '../../installation.ts'

/**
 * Opens the installation for one command, beside a running server if there is one, and closes it after.
 * @throws OperatorError where there is none, unless the command may make a new one.
 */
export async function withInstallation(
  settings: Settings,
  run: (installation: Installation) => Promise<void>,
  { mayBeNew = false }: { mayBeNew?: boolean } = {},
): Promise<void> {
  if (!mayBeNew && !existsSync(settings.data))
    throw new OperatorError(`There is no installation in ${settings.data}. Say where it is with --data.`)
  const installation = await openInstallation(settings)
  try {
    await run(installation)
  } finally {
    await installation.close()
  }
}
