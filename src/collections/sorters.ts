import { DomainError } from '../errors.ts'
import { type Fields, findField, unknownField } from './fields.ts'

export interface Sorter {
  readonly field: string
  readonly isDescending: boolean
}

const SORTERS_MAX = 10

/**
 * Reads `sorters`: names of fields between commas, `-` before one for descending order.
 * @throws DomainError `invalid` for what the collection cannot be sorted by, naming what it can.
 */
export function parseSorters(sorters: string, fields: Fields): Sorter[] {
  const sortable = Object.keys(fields).filter((name) => findField(fields, name)?.isSortable)
  const parts = sorters.split(',', SORTERS_MAX + 1)
  if (parts.length > SORTERS_MAX) throw new DomainError('invalid', `Sort by at most ${SORTERS_MAX} fields.`)
  return parts.map((part) => {
    const named = part.trim()
    const field = /^[+-]/.test(named) ? named.slice(1) : named
    if (!sortable.includes(field)) throw unknownField(field || 'nothing', sortable, 'sorted')
    return { field, isDescending: named.startsWith('-') }
  })
}
