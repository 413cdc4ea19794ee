import { setTimeout as delay } from 'node:timers/promises'
import { formatNumber, formatTable } from '../harness/table.ts'
import { sallyport } from './sallyport.ts'
import { findStore, type StoreSnapshot, takeSnapshot } from './store-snapshot.ts'
import { prepareVariant } from './variant.ts'

/** Counts of mints per client and minute, and when a credential was last used to the minute: all that minting may touch. */
const ROLL_UP_TABLES = new Set(['activity', 'credential_use'])

/** The roll-ups are flushed every second; nothing else may commit while tokens are minted. */
const MOST_COMMITS_PER_SECOND = 2
const SETTLE_MS = 2_500
const SLOWEST_PER_SECOND = 500

/** Compares the whole store before and after `tokens` mints; throws when a token costs a row or a commit. */
export async function measureWrites(core: number | undefined, tokens: number, connections: number): Promise<void> {
  const running = await sallyport.start(core)
  try {
    if (running.dataDirectory === undefined) throw new Error('The server has no data directory to look into.')
    const { mint } = await prepareVariant(sallyport, running)
    await delay(SETTLE_MS)
    const store = findStore(running.dataDirectory)
    const before = takeSnapshot(store)
    const startMs = performance.now()
    const { load } = await mint({ connections, seconds: tokens / SLOWEST_PER_SECOND, amount: tokens })
    await delay(SETTLE_MS)
    const after = takeSnapshot(store)
    judge(load.answers, (performance.now() - startMs) / 1000, before, after)
  } finally {
    await running.stop()
  }
}

interface TableChange {
  table: string
  before: number
  after: number
}

function changesBetween(before: StoreSnapshot, after: StoreSnapshot): TableChange[] {
  const names = new Set([...before.tables.keys(), ...after.tables.keys()])
  return [...names]
    .filter((table) => before.tables.get(table)?.digest !== after.tables.get(table)?.digest)
    .map((table) => ({ table, before: before.tables.get(table)?.rows ?? 0, after: after.tables.get(table)?.rows ?? 0 }))
}

function judge(tokens: number, seconds: number, before: StoreSnapshot, after: StoreSnapshot): void {
  const changes = changesBetween(before, after)
  const commits = (after.commits - before.commits) >>> 0
  const rows = changes.map((change) => [
    change.table,
    formatNumber(change.before),
    formatNumber(change.after),
    ROLL_UP_TABLES.has(change.table) ? 'roll-up' : 'PER TOKEN?',
  ])
  console.log(`\n${formatNumber(tokens)} tokens in ${formatNumber(seconds, 1)} s, the last flush included`)
  console.log(`${formatNumber(commits)} commits: ${formatNumber(commits / seconds, 1)} per second\n`)
  console.log(formatTable(['table that changed', 'rows before', 'after', 'kind'], rows))

  const minutes = Math.ceil(seconds / 60) + 1
  const broken = changes.filter(({ table, before, after }) => !ROLL_UP_TABLES.has(table) || after - before > minutes)
  if (broken.length > 0) throw new Error(`Minting wrote to ${broken.map(({ table }) => table).join(', ')}.`)
  if (commits > MOST_COMMITS_PER_SECOND * seconds) throw new Error('Minting commits more often than the roll-ups do.')
  console.log('\nNo row and no commit per token.')
}
