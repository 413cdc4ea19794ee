import type { Operation } from '../access/policy.ts'
import type { Database } from '../database/schema.ts'
import { WriteBehind } from '../write-behind.ts'
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
 * Counts what every client calls, from where, and why it was refused. Memory and rows stay bounded whatever clients
 * send.
 */
export class UsageCounter extends WriteBehind<UsageRow> {
  readonly #names = new DailyNames()
  readonly #tallies = new Map<string, Tally>()
  readonly #rows = new Map<string, UsageRow>()

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

  protected override add(row: UsageRow): void {
    const known = this.#rows.get(keyOf(row))
    if (known) {
      known.count += row.count
      known.last_at = Math.max(known.last_at, row.last_at)
    } else if (this.#rows.size < ROWS_MAX || row.client_id === OTHERS) this.#rows.set(keyOf(row), row)
    else this.add({ ...row, client_id: OTHERS, method: '', subject: OTHERS })
  }

  protected override take(): readonly UsageRow[] {
    for (const tally of this.#tallies.values()) this.#settle(tally)
    this.#tallies.clear()
    const rows = [...this.#rows.values()]
    this.#rows.clear()
    return rows
  }

  protected override write(db: Database, rows: readonly UsageRow[]): Promise<void> {
    return addUsage(db, rows)
  }

  #tallyOf({ tenantId, clientId }: UsageCaller): Tally {
    const nowMs = this.options.nowMs()
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
    for (const row of rowsOf(tally, (kind, name) => this.#names.isNamed(client, kind, name))) this.add(row)
  }
}
