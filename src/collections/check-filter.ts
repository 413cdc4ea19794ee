import { DomainError } from '../errors.ts'
import { type Field, type Fields, findField, unknownField } from './fields.ts'
import type { Comparison, Filter, Literal } from './filter.ts'

/** A value as its field's kind stores it. */
export type TypedValue = string | number

/**
 * The filter with each value read as its field's kind has it.
 * @throws DomainError `invalid` for a field or operator that the collection does not have, naming those it has, and
 * for a value that the kind cannot be.
 */
export function checkFilter(filter: Filter, fields: Fields): Filter<TypedValue> {
  if (filter.kind === 'not') return { kind: 'not', operand: checkFilter(filter.operand, fields) }
  if (filter.kind !== 'comparison')
    return { kind: filter.kind, operands: filter.operands.map((operand) => checkFilter(operand, fields)) }
  const field = fieldFor(filter, fields)
  return { ...filter, values: filter.values.map((literal) => typedValue(literal, filter.field, field)) }
}

function fieldFor({ field: name, operator }: Comparison<Literal>, fields: Fields): Field {
  const filterable = Object.keys(fields).filter((one) => (findField(fields, one)?.operators.length ?? 0) > 0)
  const field = findField(fields, name)
  if (!field || !filterable.includes(name)) throw unknownField(name, filterable, 'filtered')
  if (field.operators.includes(operator)) return field
  throw new DomainError(
    'invalid',
    `${name} cannot be filtered with ${operator}, only with ${field.operators.join(', ')}.`,
  )
}

function typedValue(literal: Literal, name: string, { kind }: Field): TypedValue {
  const value = readers[kind](literal)
  if (value !== undefined) return value
  throw new DomainError('invalid', `The filter compares ${name} with ${literal.text}: ${expectations[kind]}.`)
}

const readString = ({ text, isQuoted }: Literal): string | undefined => (isQuoted ? text : undefined)

const readers: Record<Field['kind'], (literal: Literal) => TypedValue | undefined> = {
  text: readString,
  id: readString,
  list: readString,
  time: ({ text }) => timeFrom(text),
  flag: ({ text }) => (text === 'true' ? 1 : text === 'false' ? 0 : undefined),
  number: ({ text }) => {
    const value = Number(text)
    return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(value) ? value : undefined
  },
}

const expectations: Record<Field['kind'], string> = {
  text: 'put the text in double quotes',
  id: 'put the id in double quotes',
  list: 'put the text in double quotes',
  time: 'write a date as 2026-05-21 or 2026-05-21T10:00:00Z',
  flag: 'write true or false',
  number: 'write a whole number',
}

const ISO_DATE = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Milliseconds of an ISO 8601 date; without an offset it is in UTC. */
function timeFrom(text: string): number | undefined {
  const [, day = '', offset] = ISO_DATE.exec(text) ?? []
  if (!isDay(day)) return undefined
  const milliseconds = Date.parse(text.includes('T') && offset === undefined ? `${text}Z` : text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

/** Date.parse takes 31 February for 3 March. */
function isDay(day: string): boolean {
  const milliseconds = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(day)
}
