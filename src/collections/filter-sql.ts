import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from '../database/columns.ts'
import type { TypedValue } from './check-filter.ts'
import { type Field, type Fields, findField } from './fields.ts'
import type { Comparison, Filter, Operator } from './filter.ts'

/**
 * A checked filter as a condition that means the same on SQLite and PostgreSQL. Each comparison is true or false, never
 * NULL: what is missing equals nothing, so `ne` and `not` find it. Values travel as parameters.
 */
export function filterCondition(filter: Filter<TypedValue>, fields: Fields, dialect: Dialect): Expression<SqlBool> {
  if (filter.kind === 'not') return sql`not (${filterCondition(filter.operand, fields, dialect)})`
  if (filter.kind === 'comparison') return comparison(filter, fields, dialect)
  const operands = filter.operands.map((operand) => filterCondition(operand, fields, dialect))
  return sql`(${sql.join(operands, filter.kind === 'and' ? sql` and ` : sql` or `)})`
}

/** Text as it is compared and sorted: upper-cased by Unicode's rules, then byte by byte. */
export function folded(text: Expression<unknown>, dialect: Dialect): RawBuilder<string> {
  return dialect === 'sqlite' ? sql`fold(${text})` : sql`(upper(${text} collate "und-x-icu") collate "C")`
}

/** The column of a field, ready to stand in a statement. */
export const columnOf = ({ column }: Field): Expression<unknown> =>
  typeof column === 'string' ? sql.ref(column) : column

function comparison(
  { field: name, operator, values }: Comparison<TypedValue>,
  fields: Fields,
  dialect: Dialect,
): RawBuilder<SqlBool> {
  const field = findField(fields, name)
  if (!field) throw new Error(`the filter was not checked: ${name}`)
  const column = columnOf(field)
  if (operator === 'isnull') return sql`(${column} is null)`
  if (operator === 'pr') return sql`(${column} is not null)`
  if (operator === 'ne') return sql`not (${holds(field, 'eq', values, dialect)})`
  return holds(field, operator, values, dialect)
}

const signs = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` }

function holds(
  field: Field,
  operator: Exclude<Operator, 'isnull' | 'pr' | 'ne'>,
  values: readonly TypedValue[],
  dialect: Dialect,
): RawBuilder<SqlBool> {
  const column = columnOf(field)
  if (operator === 'ca')
    return sql`(${sql.join(
      values.map((one) => listHolds(column, one, dialect)),
      sql` and `,
    )})`
  const fold = field.kind === 'text' || operator === 'co' || operator === 'sw'
  const left = fold ? folded(column, dialect) : column
  const right = (value: TypedValue) => (fold ? folded(text(value), dialect) : sql`${value}`)
  const [first = ''] = values
  const test = {
    in: () => sql`${left} in (${sql.join(values.map(right))})`,
    co: () => sql`${left} like ${right(`%${escaped(first)}%`)} escape '\\'`,
    sw: () => sql`${left} like ${right(`${escaped(first)}%`)} escape '\\'`,
  }
  const isTrue =
    operator in test
      ? test[operator as keyof typeof test]()
      : sql`${left} ${signs[operator as keyof typeof signs]} ${right(first)}`
  return sql`(${isTrue} and ${column} is not null)`
}

function listHolds(column: Expression<unknown>, value: TypedValue, dialect: Dialect): RawBuilder<SqlBool> {
  const items =
    dialect === 'sqlite'
      ? sql`json_each(${column}) as item`
      : sql`jsonb_array_elements_text(cast(${column} as jsonb)) as item (value)`
  const isIt = sql`${folded(sql.ref('item.value'), dialect)} = ${folded(text(value), dialect)}`
  return sql`exists (select 1 from ${items} where ${isIt})`
}

const text = (value: TypedValue): RawBuilder<string> => sql`cast(${String(value)} as text)`
/** A value as a LIKE pattern that means itself. */
const escaped = (value: TypedValue): string => String(value).replaceAll(/[\\%_]/g, String.raw`\$&`)
