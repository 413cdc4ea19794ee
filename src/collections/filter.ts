/** The operators of ISC's filters that compare a field: `field operator value`, `pr field` and `field isnull`. */
export const operators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'co', 'sw', 'in', 'ca', 'pr', 'isnull'] as const
export type Operator = (typeof operators)[number]

/** A value as it was written: in quotes, or bare as dates, numbers and `true` are. */
export interface Literal {
  readonly text: string
  readonly isQuoted: boolean
}

/** One condition: a field held against values. */
export interface Comparison<Value> {
  readonly kind: 'comparison'
  readonly field: string
  readonly operator: Operator
  /** None for `pr` and `isnull`, at least one for `in` and `ca`, else exactly one. */
  readonly values: readonly Value[]
}

/** A filter as a tree; `and` and `or` hold at least two operands. */
export type Filter<Value = Literal> =
  | Comparison<Value>
  | { readonly kind: 'not'; readonly operand: Filter<Value> }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter<Value>[] }
