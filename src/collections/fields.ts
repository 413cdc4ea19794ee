import type { Expression } from 'kysely'
import { suggestion } from '../config/nearest-word.ts'
import { DomainError } from '../errors.ts'
import type { Operator } from './filter.ts'

/**
 * What a field holds. `text` is compared without regard to case, `id` exactly, so that an index serves it; `time` is
 * stored as milliseconds, `flag` as 0 or 1, `list` as a JSON array of strings.
 */
export type FieldKind = 'text' | 'id' | 'time' | 'flag' | 'number' | 'list'

/** A field of a collection by which callers may filter or sort. */
export interface Field {
  /** The column, as `table.column` where several are joined, or an expression over them. */
  readonly column: string | Expression<unknown>
  readonly kind: FieldKind
  /** The operators that filters may use on it; none where it is for sorting only. */
  readonly operators: readonly Operator[]
  readonly isSortable?: boolean
}

/** The fields of a collection by the names that callers use. */
export type Fields = Readonly<Record<string, Field>>

/** Finds a field, never by a name that objects have from birth. */
export function findField(fields: Fields, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** The refusal of a field that a collection cannot filter or sort by; it names those that it can. */
export function unknownField(name: string, known: readonly string[], purpose: 'filtered' | 'sorted'): DomainError {
  if (known.length === 0) return new DomainError('invalid', `These cannot be ${purpose}.`)
  return new DomainError('invalid', `These cannot be ${purpose} by ${name}: ${suggestion(name, known)}.`)
}
