import type { Operation } from '../access/policy.ts'
import type { Database } from '../database/schema.ts'
import { DailyNames } from './daily-names.ts'
import { dayOf } from './day.ts'
import { OTHERS, rowsOf } from './rows.ts'
import { addUsage, keyOf, type UsageRow } from './store.ts'
import { addOne, emptyTally, type Tally } from './tally.ts'

/** Who called, from where. */
export interface UsageCaller {
  readonly tenantId: string
  readonly clientId: string
}

/** Where usage is written, by which clock, and who hears when it cannot be. */
export interface UsageOptions {
  databaseOf: (tenantId: string) => Database
  nowMs: () => number
  onError: (error: unknown) => void
}

const FLUSH_MS = 1000
/** Clients told apart between two writes. */
const TALLIES_MAX = 10_000
/** Names that one client has between two writes. */
const NAMES_MAX = 1000
/** Rows kept while the database does not answer. */
const ROWS_MAX = 20_000

const otherOperations: Operation = {
  catalog: '',
  version: '',
  method: '',
  path: OTHERS,
  operationId: null,
  summary: null,
  isDeprecated: false,
  policy: {
    isPublic: false,
    isAnyToken: false,
    userScopes: null,
    applicationScopes: null,
    userLevels: [],
    isExperimental: false,
    assumed: null,
  },
}
const manyOperations = { max: NAMES_MAX, name: otherOperations }
const manyWords = { max: NAMES_MAX, name: OTHERS }

/**
 * Counts what every client calls, from where, and why it was refused, and writes the counts every second: a request
 * costs no row. Memory and rows stay bounded whatever clients send; a `kill -9` may lose the last second.
 */
export class UsageCounter {
  readonly #options: UsageOptions
  readonly #names = new DailyNames()
  readonly #tallies = new Map<string, Tally>()
  readonly #rows = new Map<string, UsageRow>()
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: UsageOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Stops counting and writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  /** Counts a call that passed the gates. */
  countCall(caller: UsageCaller, operation: Operation, network: string): void {
    const tally = this.#tallyOf(caller)
    addOne(tally.calls, operation, manyOperations)
    addOne(tally.networks, network, manyWords)
  }

  countDenial(caller: UsageCaller, reason: string): void {
    addOne(this.#tallyOf(caller).denials, reason, manyWords)
  }

  /** Counts a call that passed, and would not have with the shadow scope of its credential. */
  countShadowRefusal(caller: UsageCaller, operation: Operation): void {
    addOne(this.#tallyOf(caller).shadowRefusals, operation, manyOperations)
  }

  /** Writes what was counted so far. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write())
    return this.#flushing
  }

  #tallyOf({ tenantId, clientId }: UsageCaller): Tally {
    const nowMs = this.#options.nowMs()
    const key = `${tenantId} ${clientId}`
    let tally = this.#tallies.get(key)
    // A new day begins with counts of its own.
    if (tally && dayOf(tally.lastMs) !== dayOf(nowMs)) {
      this.#settle(tally)
      tally = undefined
    }
    if (!tally) {
      if (this.#tallies.size >= TALLIES_MAX && clientId !== OTHERS) return this.#tallyOf({ tenantId, clientId: OTHERS })
      this.#tallies.set(key, (tally = emptyTally(tenantId, clientId)))
    }
    tally.lastMs = nowMs
    return tally
  }

  #settle(tally: Tally): void {
    const client = { key: `${tally.tenantId} ${tally.clientId}`, day: dayOf(tally.lastMs) }
    for (const row of rowsOf(tally, (kind, name) => this.#names.isNamed(client, kind, name))) this.#add(row)
  }

  #add(row: UsageRow): void {
    const known = this.#rows.get(keyOf(row))
    if (known) {
      known.count += row.count
      known.last_at = Math.max(known.last_at, row.last_at)
    } else if (this.#rows.size < ROWS_MAX || row.client_id === OTHERS) this.#rows.set(keyOf(row), row)
    else this.#add({ ...row, client_id: OTHERS, method: '', subject: OTHERS })
  }

  async #write(): Promise<void> {
    for (const tally of this.#tallies.values()) this.#settle(tally)
    this.#tallies.clear()
    if (this.#rows.size === 0) return
    const byTenant = Map.groupBy(this.#rows.values(), ({ tenant_id }) => tenant_id)
    this.#rows.clear()
    for (const [tenantId, rows] of byTenant) {
      try {
        await addUsage(this.#options.databaseOf(tenantId), rows)
      } catch (error) {
        this.#options.onError(error)
        for (const row of rows) this.#add(row)
      }
    }
  }
}
