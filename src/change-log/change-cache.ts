import { boundedCache } from '../bounded-cache.ts'
import type { LRUCache } from 'lru-cache'
import type { ChangeLogRow } from '../database/schema.ts'
import type { ChangeKind } from './change.ts'
import type { ChangeLog } from './change-log.ts'

/**
 * Remembers what was read, until the change log says that it changed. A value read while a change came in is given to
 * its caller and not kept, so the memory is never older than `ChangeLog.position`. Absence is not remembered.
 */
export class ChangeCache<Value extends object> {
  readonly #values: LRUCache<string, Value>
  /** How many changes came in, so that a reading can tell whether one did meanwhile. */
  #changesSeen = 0

  /** `subjectOf` names what a change makes outdated; by default the subject it is recorded under. */
  constructor(
    changes: ChangeLog,
    kinds: readonly ChangeKind[],
    max: number,
    subjectOf: (change: ChangeLogRow) => string = ({ subject }) => subject,
  ) {
    this.#values = boundedCache(max)
    changes.onChange((change) => {
      if (change !== null && !kinds.some((kind) => kind === change.kind)) return
      this.#changesSeen += 1
      if (change === null) this.#values.clear()
      else this.#values.delete(keyOf(change.tenant_id, subjectOf(change)))
    })
  }

  /** What is remembered of `subject`, without asking the database. */
  peek(tenantId: string, subject: string): Value | undefined {
    return this.#values.get(keyOf(tenantId, subject))
  }

  /** Drops what is remembered of a subject. */
  forget(tenantId: string, subject: string): void {
    this.#values.delete(keyOf(tenantId, subject))
  }

  /** What is remembered, else what `read` answers. */
  async get(tenantId: string, subject: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const key = keyOf(tenantId, subject)
    const known = this.#values.get(key)
    if (known) return known
    const before = this.#changesSeen
    const value = await read()
    if (value && this.#changesSeen === before) this.#values.set(key, value)
    return value
  }
}

const keyOf = (tenantId: string, subject: string): string => `${tenantId} ${subject}`
