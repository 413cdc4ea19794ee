import type { ChangeKind } from '../change-log/change.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Clock } from '../clock.ts'
import type { Directory } from '../database/schema.ts'
import { findCutOffs } from './store.ts'

/** No access token lives longer (12 h), so no cut-off need be remembered longer. */
export const ACCESS_TOKEN_SECONDS_MAX = 43_200
const REMEMBERED_MS = (ACCESS_TOKEN_SECONDS_MAX + 3600) * 1000
const PRUNE_AT_SIZE = 1000

interface CutOff {
  position: number
  recordedAtMs: number
}

/** The latest cut-off of every client, identity, token and tenant that had one while a token issued before could live. */
export class CutOffs {
  readonly #directory: Directory
  readonly #nowMs: Clock
  readonly #known = new Map<string, CutOff>()
  #pruneAtSize = PRUNE_AT_SIZE

  constructor(directory: Directory, changes: ChangeLog, nowMs: Clock) {
    this.#directory = directory
    this.#nowMs = nowMs
    changes.onChange((change) => {
      if (change === null) return this.load()
      if (change.is_cut_off === 1)
        this.#remember(keyOf(change.tenant_id, change.kind, change.subject), {
          position: change.seq,
          recordedAtMs: change.recorded_at,
        })
      return undefined
    })
  }

  /** Reads the cut-offs that still matter. Call once the change log has started, before the first decision. */
  async load(): Promise<void> {
    const rows = await findCutOffs(this.#directory, this.#nowMs() - REMEMBERED_MS)
    for (const row of rows)
      this.#remember(keyOf(row.tenant_id, row.kind, row.subject), { position: row.seq, recordedAtMs: row.recorded_at })
  }

  /** True when what was issued at log position `issuedAt` to this subject has been cut off since. */
  isCutOff(tenantId: string, kind: ChangeKind, subject: string, issuedAt: number): boolean {
    const cutOff = this.#known.get(keyOf(tenantId, kind, subject))
    return cutOff !== undefined && issuedAt < cutOff.position
  }

  #remember(key: string, cutOff: CutOff): void {
    const known = this.#known.get(key)
    if (known && known.position >= cutOff.position) return
    this.#known.set(key, cutOff)
    if (this.#known.size > this.#pruneAtSize) this.#prune()
  }

  #prune(): void {
    const oldest = this.#nowMs() - REMEMBERED_MS
    for (const [key, { recordedAtMs }] of this.#known) if (recordedAtMs <= oldest) this.#known.delete(key)
    this.#pruneAtSize = Math.max(PRUNE_AT_SIZE, this.#known.size * 2)
  }
}

const keyOf = (tenantId: string, kind: string, subject: string): string => `${kind} ${tenantId} ${subject}`
