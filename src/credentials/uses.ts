import { boundedCache } from '../bounded-cache.ts'
import type { Database } from '../database/schema.ts'
import { type CredentialUse, findLastUses, keyOf, moveUsesOn } from './use-store.ts'

/** A credential that obtained a token, and which of its secrets proved it: none for a PUBLIC client. */
export interface UsedCredential {
  readonly tenantId: string
  readonly credentialId: string
  readonly secretId: string | undefined
}

/** Where uses are written, by which clock, and who hears when they cannot be. */
export interface UseOptions {
  databaseOf: (tenantId: string) => Database
  nowMs: () => number
  onError: (error: unknown) => void
}

const FLUSH_MS = 1000
const MINUTE_MS = 60_000
/** Credentials whose latest minute is remembered, so that a busy one is written once a minute. */
const REMEMBERED_MAX = 50_000
/** Uses kept while the database does not answer. */
const ROWS_MAX = 20_000

/**
 * Notes to the minute when credentials and their secrets obtained tokens, and writes it every second: a token costs no
 * row. A `kill -9` may lose the last second.
 */
export class CredentialUses {
  readonly #options: UseOptions
  readonly #minutes = boundedCache<string, number>(REMEMBERED_MAX)
  #uses = new Map<string, CredentialUse>()
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: UseOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Stops noting and writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  note({ tenantId, credentialId, secretId = '' }: UsedCredential): void {
    const minute = Math.floor(this.#options.nowMs() / MINUTE_MS)
    const key = `${tenantId} ${credentialId} ${secretId}`
    if (this.#minutes.get(key) === minute || this.#uses.size >= ROWS_MAX) return
    this.#minutes.set(key, minute)
    for (const secret_id of new Set(['', secretId]))
      this.#add({ tenant_id: tenantId, credential_id: credentialId, secret_id, last_at: minute * MINUTE_MS })
  }

  /** Writes what was noted so far. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write())
    return this.#flushing
  }

  #add(use: CredentialUse): void {
    const known = this.#uses.get(keyOf(use))
    if (!known || known.last_at < use.last_at) this.#uses.set(keyOf(use), use)
  }

  async #write(): Promise<void> {
    if (this.#uses.size === 0) return
    const uses = this.#uses
    this.#uses = new Map()
    for (const [tenantId, ofTenant] of Map.groupBy(uses.values(), ({ tenant_id }) => tenant_id)) {
      try {
        await moveUsesOn(this.#options.databaseOf(tenantId), ofTenant)
      } catch (error) {
        this.#options.onError(error)
        for (const use of ofTenant) this.#add(use)
      }
    }
  }
}

/** When each secret of a credential was used last, to the minute, by its id. */
export async function lastUsesOf(db: Database, tenantId: string, credentialId: string): Promise<Map<string, number>> {
  const uses = await findLastUses(db, tenantId, credentialId)
  return new Map([...uses].map(([secretId, { last_at }]) => [secretId, last_at]))
}
