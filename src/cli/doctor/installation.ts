import { verifyAuditChain } from '../../audit/chain.ts'
import type { Upstream } from '../../catalogs/catalog.ts'
import { Catalogs } from '../../catalogs/catalogs.ts'
import type { Settings } from '../../config/settings.ts'
import { databaseTimeMs } from '../../database/server-time.ts'
import { OperatorError } from '../../errors.ts'
import { type Installation, openInstallation } from '../../installation.ts'
import { signingKeyAgeMs } from '../../keys/age.ts'
import { SIGNS_FOR_MS } from '../../keys/rotate.ts'
import { listTenants, listTenantsEver } from '../../tenants/find.ts'
import type { Io } from '../terminal/io.ts'
import { fail, type Finding, ok, skipped, warn } from './findings.ts'
import { connectionProblem } from './network.ts'

const DAY_MS = 86_400_000
const SKEW_MS_MAX = 2000
/** Keys rotate when a token is next asked for; so much later it should have happened. */
const ROTATION_GRACE_MS = 7 * DAY_MS

/** Looks at what is in the database. */
export async function examineInstallation(io: Io, settings: Settings): Promise<Finding[]> {
  let installation: Installation
  try {
    installation = await openInstallation(settings)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return [fail('database', error.problems.join(' '), 'See docs/operating.md: backup and restore.')]
  }
  try {
    return [
      ok(
        'database',
        'The database opens with this master key, belongs to this directory, and its schema is up to date.',
      ),
      await checkClock(io, installation),
      await checkKeys(io, installation),
      await checkAudit(installation),
      await checkUpstreams(installation),
    ]
  } finally {
    await installation.close()
  }
}

async function checkClock(io: Io, { database }: Installation): Promise<Finding> {
  const before = io.nowMs()
  const timeMs = await databaseTimeMs(database)
  if (timeMs === undefined) return skipped('clock', 'The database lives in this process: there is one clock.')
  const skewMs = Math.max(0, before - timeMs, timeMs - io.nowMs())
  if (skewMs <= SKEW_MS_MAX) return ok('clock', 'This machine and the database agree on the time.')
  const message = `The clocks of this machine and of the database are ${Math.round(skewMs / 1000)} s apart.`
  return warn('clock', message, 'Let both follow network time (NTP).')
}

async function checkKeys(io: Io, { database }: Installation): Promise<Finding> {
  const old: string[] = []
  for (const { id, name } of await listTenants(database.directory)) {
    const ageMs = await signingKeyAgeMs(database.forTenant(id), id, io.nowMs())
    if (ageMs !== undefined && ageMs > SIGNS_FOR_MS + ROTATION_GRACE_MS)
      old.push(`${name} (${Math.floor(ageMs / DAY_MS)} days)`)
  }
  if (old.length === 0) return ok('keys', 'No signing key is older than it should be.')
  const fix = 'They rotate with the next token; to do it now: sallyport keys rotate'
  return warn('keys', `Signing keys are old: ${old.join(', ')}.`, fix)
}

async function checkAudit({ database, keys }: Installation): Promise<Finding> {
  const broken: string[] = []
  let count = 0
  for (const { id, name } of await listTenantsEver(database.directory)) {
    const { events, brokenAt } = await verifyAuditChain(database.forTenant(id), id, keys.auditKey(id))
    count += events
    if (brokenAt !== undefined) broken.push(`${name} at event ${brokenAt}`)
  }
  if (broken.length === 0) return ok('audit', `The audit trails are whole: ${count} events.`)
  const fix = 'Somebody changed the database by hand, or an old backup was mixed in: compare with a backup.'
  return fail('audit', `The audit trail is broken: ${broken.join(', ')}.`, fix)
}

async function checkUpstreams({ database, changes }: Installation): Promise<Finding> {
  const catalogs = new Catalogs(changes, () => [])
  const origins = new Set<string>()
  for (const { id } of await listTenants(database.directory)) {
    const { entries } = await catalogs.find(database.forTenant(id), id)
    for (const upstream of new Set(entries.map(({ catalog }) => catalog.upstream))) collect(upstream, origins)
  }
  if (origins.size === 0) return skipped('upstreams', 'No catalog has an upstream.')
  const problems = await Promise.all([...origins].map(unreachable))
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length === 0) return ok('upstreams', `All upstreams take connections: ${[...origins].join(', ')}.`)
  return fail('upstreams', `Upstreams cannot be reached: ${found.join(', ')}.`, 'Start them, or correct the catalogs.')
}

function collect(upstream: Upstream, origins: Set<string>): void {
  if (upstream.kind === 'http') origins.add(new URL(upstream.url).origin)
}

async function unreachable(origin: string): Promise<string | undefined> {
  const { hostname, port, protocol } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const code = await connectionProblem(host, Number(port) || (protocol === 'https:' ? 443 : 80))
  return code === undefined ? undefined : `${origin} (${code})`
}
