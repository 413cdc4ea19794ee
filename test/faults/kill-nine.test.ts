import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { verifyAuditChain } from '../../src/audit/chain.ts'
import { type Installation, type InstallationOptions, openInstallation } from '../../src/installation.ts'
import { findTenantByName } from '../../src/tenants/find.ts'
import { CHANGING_CLIENT, numberedToken } from '../support/numbered-tenant-file.ts'
import { onEnd } from '../support/on-end.ts'
import { killNine, type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { isPostgres, testInstallationOptions } from '../support/test-database.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const ROUNDS = isPostgres ? 10 : 50
/** Every fifth round kills a server too, which runs beside the writers until then. */
const SERVER_EVERY = 5
const READY_MS = 5000
/** On a machine that other work slows down: how many times longer than a server takes that finds nothing. */
const READY_TIMES = 5
const LIFE_MS = { least: 20, most: 1000 }

const writerScript = fileURLToPath(new URL('../support/killable-writer.ts', import.meta.url))

/** What the writers said has happened. */
interface Ledger {
  applied: number[]
  deleted: Set<number>
  /** The latest number that a writer began with. */
  next: number
}

test(`whatever was acknowledged is there after each of ${ROUNDS} kills at random moments`, async (t) => {
  const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31))
  t.diagnostic(`KILL_SEED=${seed}`)
  const options = await testInstallationOptions(t)
  const random = randomFrom(seed)
  const ledger: Ledger = { applied: [], deleted: new Set(), next: 0 }
  let writer = loadWriter(t, options)
  let server = await startServer(t, options)

  for (let round = 1; round <= ROUNDS; round++) {
    const lifeMs = LIFE_MS.least + Math.floor(random() * (LIFE_MS.most - LIFE_MS.least))
    const current = writer
    writer = loadWriter(t, options)
    await writeUntilKilled(current, ledger, lifeMs)
    if (round % SERVER_EVERY === 0) {
      await server.kill()
      server = await startServer(t, options)
      if (ledger.applied.length > 0) assert.equal(await server.mint(numberedToken(0)), 200)
    }
    await checkLedger(options, ledger, `round ${round}, killed after ${lifeMs} ms`)
  }

  assert.ok(ledger.applied.length > ROUNDS / 2, `only ${ledger.applied.length} applies`)
  t.diagnostic(`${ledger.applied.length} applies and ${ledger.deleted.size} deletions were acknowledged`)
})

type Writer = ChildProcessByStdio<Writable, Readable, null>

/** A writer that is loaded and waits for its first number. */
function loadWriter(t: TestContext, options: InstallationOptions): Writer {
  const args = [writerScript, JSON.stringify(options)]
  const writer = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onEnd(t, () => killNine(writer))
  return writer
}

/** Lets a writer begin, kills it after a while, and enters what it acknowledged. */
async function writeUntilKilled(writer: Writer, ledger: Ledger, lifeMs: number): Promise<void> {
  const lines = createInterface(writer.stdout)
  const isRead = once(lines, 'close')
  lines.on('line', (line) => {
    const [word, number] = line.split(' ')
    if (word === 'applied') ledger.applied.push(Number(number))
    else ledger.deleted.add(Number(number))
  })
  // What was under way at the last kill may have been done or not: leave its number out.
  ledger.next = Math.max(ledger.next, ledger.applied.at(-1) ?? 0) + 2
  writer.stdin.write(`${ledger.next}\n`)
  await pause(lifeMs)
  await killNine(writer)
  await isRead
}

/** Starts a server beside the writers, which must be ready in time whatever it finds. */
async function startServer(t: TestContext, options: InstallationOptions): Promise<ServeProcess> {
  const { data, databaseUrl, migrationUrl } = options
  const urls = databaseUrl && migrationUrl ? ['--database-url', databaseUrl, '--migration-url', migrationUrl] : []
  const server = await startServeProcess(t, ['--data', data, ...urls])
  t.diagnostic(`ready after ${Math.round(server.readyAfterMs)} ms`)
  if (server.readyAfterMs > READY_MS) {
    const fresh = await startServeProcess(t, ['--data', temporaryDirectory(t)])
    await fresh.kill()
    const excuse = `ready after ${server.readyAfterMs} ms, and without any data after ${fresh.readyAfterMs} ms`
    assert.ok(server.readyAfterMs <= READY_TIMES * fresh.readyAfterMs, excuse)
  }
  return server
}

async function checkLedger(options: InstallationOptions, ledger: Ledger, when: string): Promise<void> {
  const installation = await openInstallation(options)
  try {
    const tenant = await findTenantByName(installation.database.directory, 'acme')
    // The first writers may be killed before they have made it.
    if (!tenant) return assert.deepEqual(ledger.applied, [], when)
    const found = await takeStock(installation, tenant.id)
    assert.deepEqual(missing(ledger.applied, found.people), [], `people, ${when}`)
    const kept = ledger.applied.filter((number) => number % 2 === 1)
    assert.deepEqual(missing(kept, found.tokens), [], `tokens, ${when}`)
    assert.deepEqual(ledger.deleted.intersection(found.tokens), new Set(), `deleted tokens, ${when}`)
    assert.ok(found.latest >= (ledger.applied.at(-1) ?? 0), `the latest change, ${when}`)
    assert.deepEqual(found.trail, { events: found.trail.events, brokenAt: undefined }, `the audit trail, ${when}`)
    assert.equal(found.peopleRecorded, found.people.size, `every person has its event, ${when}`)
    assert.equal(found.changes, found.head, `the change log has no gap, ${when}`)
    if (!isPostgres) assert.deepEqual(found.integrity, [{ integrity_check: 'ok' }], when)
  } finally {
    await installation.close()
  }
}

const missing = (wanted: readonly number[], found: ReadonlySet<number>): number[] =>
  wanted.filter((number) => !found.has(number))

/** What the database holds, as of one moment. */
async function takeStock({ contextFor }: Installation, id: string) {
  const { db, tenantId, auditKey } = contextFor(id, { kind: 'operator', id: 'test' })
  const stock = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const people = await tx.selectFrom('identity').select('alias').where('tenant_id', '=', tenantId).execute()
      const tokens = await tx
        .selectFrom('personal_access_token')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .execute()
      const client = await tx
        .selectFrom('oauth_client')
        .select('description')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', CHANGING_CLIENT)
        .executeTakeFirst()
      const recorded = await tx
        .selectFrom('audit_event')
        .select('position')
        .where('tenant_id', '=', tenantId)
        .where('action', '=', 'identity.created')
        .execute()
      const { seq } = await tx.selectFrom('pod_clock').select('seq').executeTakeFirstOrThrow()
      const changes = await tx.selectFrom('change_log').select('seq').execute()
      const numbers = new Set(people.map(({ alias }) => Number(alias.replace('person-', ''))))
      const ids = new Set(tokens.map((token) => token.id))
      return {
        people: numbers,
        tokens: new Set([...numbers].filter((number) => ids.has(numberedToken(number).id))),
        latest: Number(client?.description ?? 0),
        peopleRecorded: recorded.length,
        head: seq,
        changes: changes.length,
      }
    })
  const trail = await verifyAuditChain(db, tenantId, auditKey)
  const integrity = isPostgres ? [] : (await sql`pragma integrity_check`.execute(db)).rows
  return { ...stock, trail, integrity }
}

/** Numbers from 0 up to 1 that follow from a seed (mulberry32), so that a run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
