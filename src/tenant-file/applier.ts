import type { Directory } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { ServerKeys } from '../keys/master-key.ts'
import type { RequestContext } from '../request-context.ts'
import type { Applied, AppliedReport, Applying, MadeSecret } from './applying.ts'
import { entryDigest } from './digest.ts'
import { type AppliedEntry, claimEntry, listAppliedEntries, recordAppliedEntry } from './entry-store.ts'
import type { Path } from './lines.ts'
import type { Mistake } from './shape.ts'

/** Where a tenant file is applied, on whose behalf, and what is done about entries that were applied before. */
export interface ApplyOptions {
  keys: ServerKeys
  directory: Directory
  contextFor: (tenantId: string) => RequestContext
  /** Apply every entry anew, and bring back deleted credentials and retired secrets. */
  isReset?: boolean | undefined
  /** Told of every secret as soon as it is kept: whatever stops the rest, this one was shown. */
  onMadeSecret?: ((made: MadeSecret) => void) | undefined
}

/** One entry of a tenant file. */
export interface Entry {
  /** As the report names it. */
  name: string
  /** As it is remembered until the next apply. */
  key: string
  path: Path
  value: unknown
  /** Apply it whatever is remembered of it. */
  isForced?: boolean
}

/** Applies entries of one tenant, each in a transaction of its own, and keeps account of it. */
export class Applier {
  readonly entries: AppliedReport[] = []
  readonly madeSecrets: MadeSecret[] = []
  readonly mistakes: Mistake[] = []
  readonly tenantId: string
  readonly #options: ApplyOptions
  readonly #known: ReadonlyMap<string, AppliedEntry>

  private constructor(tenantId: string, options: ApplyOptions, known: ReadonlyMap<string, AppliedEntry>) {
    this.tenantId = tenantId
    this.#options = options
    this.#known = known
  }

  static async open(tenantId: string, options: ApplyOptions): Promise<Applier> {
    const { db } = options.contextFor(tenantId)
    return new Applier(tenantId, options, await listAppliedEntries(db, tenantId))
  }

  /** Whether an entry is to be applied. */
  isDue({ key, value, isForced = false }: Entry): boolean {
    const { keys, isReset = false } = this.#options
    return isForced || isReset || this.#known.get(key)?.digest !== entryDigest(value, keys.tenantFiles)
  }

  /** Applies an entry if it is due, and answers the id of what it stands for; undefined when it could not be applied. */
  async apply(entry: Entry, run: (applying: Applying) => Promise<Applied>): Promise<string | undefined> {
    try {
      const applied = this.isDue(entry) ? await this.#applyDue(entry, run) : this.#unchanged(entry)
      const { outcome, remark, notes } = applied
      this.entries.push({ entry: entry.name, outcome, remark, notes })
      if (applied.made) this.#tellSecret({ entry: entry.name, ...applied.made })
      return applied.subject
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.mistakes.push({ path: entry.path, message: error.message })
      return undefined
    }
  }

  #unchanged({ key }: Entry): Applied {
    return { outcome: 'unchanged', subject: this.#known.get(key)?.subject ?? '' }
  }

  #applyDue({ key, value, isForced = false }: Entry, run: (applying: Applying) => Promise<Applied>): Promise<Applied> {
    const { keys, contextFor, isReset = false } = this.#options
    const ctx = contextFor(this.tenantId)
    const digest = entryDigest(value, keys.tenantFiles)
    return writeTransaction(ctx.db, async (tx) => {
      const before = await claimEntry(tx, ctx.tenantId, { entry: key, nowMs: ctx.nowMs })
      // Another run may have applied it since the list was read.
      if (before?.digest === digest && !isReset && !isForced) return { outcome: 'unchanged', subject: before.subject }
      const applied = await run({ tx, ctx, keys, before, isReset })
      await recordAppliedEntry(tx, ctx.tenantId, { entry: key, digest, subject: applied.subject })
      return applied
    })
  }

  #tellSecret(made: MadeSecret): void {
    this.madeSecrets.push(made)
    this.#options.onMadeSecret?.(made)
  }
}
