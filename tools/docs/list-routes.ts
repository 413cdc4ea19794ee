import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../../src/app.ts'
import { openInstallation } from '../../src/installation.ts'

/** Every route that the server answers by itself, paths templated as in OpenAPI: asked of the server, not of its sources. */
export async function listRoutes(): Promise<{ method: string; path: string }[]> {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-routes-'))
  const installation = await openInstallation({
    data,
    databasePoolSize: 1,
    databaseStatementTimeoutMs: 1000,
    masterKeyFile: join(data, 'master.key'),
    maxStalenessMs: 1000,
  })
  try {
    const app = await buildApp({
      mailer: { send: async () => {} },
      installation,
      address: () => ({ scheme: 'http', domain: 'localhost' }),
      pod: 'docs',
      log: pino({ level: 'silent' }),
      isTrustedProxy: () => false,
    })
    const routes = app.routes.map(({ method, url }) => ({ method, path: url.replace(/:([A-Za-z0-9_]+)/g, '{$1}') }))
    await app.close()
    return [...routes, { method: 'GET', path: '/livez' }, { method: 'GET', path: '/readyz' }]
  } finally {
    await installation.close()
    rmSync(data, { recursive: true, force: true })
  }
}
