import { join } from 'node:path'
import { checkCommandLine } from './docs/command-line.ts'
import { checkConfiguration, writeConfiguration } from './docs/configuration.ts'
import { checkErrors } from './docs/errors.ts'
import { checkFolders } from './docs/folders.ts'
import { checkLinks } from './docs/links.ts'
import { CheckFailed } from './docs/project.ts'
import { checkRoutes } from './docs/routes.ts'

/** Each compares the documents with the code, both ways, and answers one line per difference. */
const checks: readonly ((root: string) => Promise<string[]>)[] = [
  checkErrors,
  checkConfiguration,
  checkRoutes,
  checkCommandLine,
  checkFolders,
  checkLinks,
]

/** All differences between what the documents of the project at `root` say and what its code does. */
export async function checkDocs(root: string): Promise<string[]> {
  const results = await Promise.all(checks.map((check) => check(root).catch(onlyFailedChecks)))
  return results.flat()
}

function onlyFailedChecks(error: unknown): string[] {
  if (error instanceof CheckFailed) return [error.message]
  throw error
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  if (process.argv.includes('--write')) await writeConfiguration(root)
  const differences = await checkDocs(root)
  for (const difference of differences) console.error(difference)
  // The app may keep timers or a database open; nothing here waits for them.
  process.exit(differences.length > 0 ? 1 : 0)
}
