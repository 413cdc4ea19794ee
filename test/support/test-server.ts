import { readSettings, type Flags } from '../../src/config/settings.ts'
import type { Installation } from '../../src/installation.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { type Owner, testInstallationOptions } from './test-database.ts'

/** A server as `serve` starts it, in this process, on the database that this run is for. */
export interface TestServer extends RunningServer {
  readonly opsUrl: string
  /** What local commands need to find its installation. */
  readonly env: NodeJS.ProcessEnv
}

/** Starts a server on free ports, without a tenant unless `prepare` makes one; gone when its owner ends. */
export async function startTestServer(
  owner: Owner,
  flags: Flags = {},
  prepare: (installation: Installation) => Promise<unknown> = async () => {},
): Promise<TestServer> {
  const cleanups: (() => unknown)[] = []
  const { data, databaseUrl, migrationUrl } = await testInstallationOptions(
    { after: (cleanup) => void cleanups.push(cleanup as () => unknown) },
    { isMigrated: true },
  )
  const database = databaseUrl === undefined ? {} : { databaseUrl, migrationUrl }
  const settings = readSettings({ data, ...database, port: '0', opsPort: '0', logLevel: 'error', ...flags }, {})
  const server = await startServer(settings, async (installation) => void (await prepare(installation)))
  owner.after(async () => {
    await server.close()
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return {
    ...server,
    opsUrl: server.opsUrl ?? '',
    env: {
      SALLYPORT_DATA_DIR: data,
      ...(databaseUrl !== undefined && { SALLYPORT_DATABASE_URL: databaseUrl }),
      ...(migrationUrl !== undefined && { SALLYPORT_MIGRATION_URL: migrationUrl }),
    },
  }
}
