import type { ReasonCode, reasons } from '../../access/reasons.ts'

type Statuses = typeof reasons
/** Reasons whose answers have messages; 401, 405 and 429 have bodies of their own. */
export type ToldReason = {
  [Code in ReasonCode]: Statuses[Code] extends 401 | 405 | 429 ? never : Code
}[ReasonCode]

/** What errors say in a language other than English. */
export interface ErrorTexts {
  /** ISC's own sentences. */
  readonly sentences: Readonly<Record<'forbidden' | 'notFound' | 'badRequest' | 'internal', string>>
  readonly reasons: Readonly<Record<ToldReason, string>>
  /** By the number that a detail code begins with, where there is no more to say. */
  readonly details: Readonly<Record<string, string>>
}
