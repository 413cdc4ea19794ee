import { type TObject, type TOptional, type TString, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { checkFilter, type TypedValue } from './check-filter.ts'
import type { Fields } from './fields.ts'
import type { Filter } from './filter.ts'
import { parseFilter } from './parse-filter.ts'
import { parseSorters, type Sorter } from './sorters.ts'

const LIMIT_MAX = 250
const OFFSET_MAX = 2 ** 31 - 1
const TEXT_CHARACTERS_MAX = 20_000

const text = (description: string): TOptional<TString> =>
  Type.Optional(Type.String({ maxLength: TEXT_CHARACTERS_MAX, description }))

/** `limit`, `offset` and `count` for a route's query, to spread into its object. */
export const pageParameters = {
  limit: text('How many to answer: 0 to 250, or to 50 where the description says so. As many as that if left out.'),
  offset: text('How many to leave out at the start; 0 if left out.'),
  count: text('true: the header X-Total-Count tells how many there are in all.'),
}

/** `filters` for a route's query. */
export const filterParameter = {
  filters: text('Only those for which this is true, as: name co "night" and created gt 2026-05-21'),
}
/** `sorters` for a route's query. */
export const sorterParameter = { sorters: text('By which to sort, as: name,-created') }

/** All five standard parameters, to spread into a route's query. */
export const collectionParameters = { ...pageParameters, ...filterParameter, ...sorterParameter }

/** The standard parameters as a route receives them. */
export type CollectionParameters = { [Name in keyof typeof collectionParameters]?: string | undefined }

/** The query schema of a route that takes the standard parameters and nothing else. */
export const CollectionParameters: TObject<typeof collectionParameters> = Type.Object(collectionParameters)

/** What a caller asked of a collection, checked against the fields that it has. */
export interface CollectionQuery {
  readonly fields: Fields
  readonly limit: number
  readonly offset: number
  readonly isCounted: boolean
  readonly filter: Filter<TypedValue> | undefined
  readonly sorters: readonly Sorter[]
}

/**
 * Reads the standard parameters against the fields of a collection.
 * @throws DomainError `invalid` that says what may be written instead.
 */
export function readCollectionQuery(
  { limit, offset, count, filters, sorters }: CollectionParameters,
  fields: Fields,
  limitMax = LIMIT_MAX,
): CollectionQuery {
  return {
    fields,
    limit: wholeNumber('limit', limit, limitMax) ?? limitMax,
    offset: wholeNumber('offset', offset, OFFSET_MAX) ?? 0,
    isCounted: isCounted(count),
    filter: filters === undefined || filters.trim() === '' ? undefined : checkFilter(parseFilter(filters), fields),
    sorters: sorters === undefined || sorters.trim() === '' ? [] : parseSorters(sorters, fields),
  }
}

function wholeNumber(name: string, value: string | undefined, max: number): number | undefined {
  if (value === undefined || value === '') return undefined
  if (/^\d{1,10}$/.test(value) && Number(value) <= max) return Number(value)
  throw new DomainError('invalid', `${name} must be a whole number from 0 to ${max}.`)
}

function isCounted(value: string | undefined): boolean {
  if (value === undefined || value === '' || value === 'false') return false
  if (value === 'true') return true
  throw new DomainError('invalid', 'count must be true or false.')
}
