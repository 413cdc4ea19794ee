import type { Tx } from '../database/schema.ts'
import type { ServerKeys } from '../keys/master-key.ts'
import type { RequestContext } from '../request-context.ts'
import type { AppliedEntry } from './entry-store.ts'

/** What became of an entry. `left` is one that was not applied on purpose: it would bring back what was ended since. */
export type EntryOutcome = 'created' | 'updated' | 'unchanged' | 'left'

/** A line of the report. */
export interface AppliedReport {
  readonly entry: string
  readonly outcome: EntryOutcome
  readonly remark?: string | undefined
  /** What could not be taken as it stands, a line each. */
  readonly notes?: readonly string[] | undefined
}

/** A secret that was made because the file gave none. It is shown once and kept as a digest only. */
export interface MadeSecret {
  readonly entry: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What applying one entry needs. */
export interface Applying {
  readonly tx: Tx
  readonly ctx: RequestContext
  readonly keys: ServerKeys
  /** What was remembered of this entry; undefined when it was never applied. */
  readonly before: AppliedEntry | undefined
  /** Apply as if it were new, and bring back what was deleted or retired since. */
  readonly isReset: boolean
}

/** What applying one entry did. */
export interface Applied {
  readonly outcome: EntryOutcome
  readonly subject: string
  readonly remark?: string | undefined
  readonly notes?: readonly string[] | undefined
  readonly made?: { clientId: string; clientSecret: string } | undefined
}
