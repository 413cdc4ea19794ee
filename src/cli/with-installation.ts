import type { Settings } from '../config/settings.ts'
import { type Installation, openInstallation } from '../installation.ts'

/** Opens the installation for one command, beside a running server if there is one, and closes it after. */
export async function withInstallation(
  settings: Settings,
  run: (installation: Installation) => Promise<void>,
): Promise<void> {
  const installation = await openInstallation(settings)
  try {
    await run(installation)
  } finally {
    await installation.close()
  }
}
