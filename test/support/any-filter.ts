import fc from 'fast-check'
import type { Comparison, Filter, Literal } from '../../src/collections/filter.ts'

/** A filter as text. Groups that `and`, `or` and `not` take in are put in parentheses, and nothing else is. */
export function printFilter(filter: Filter): string {
  if (filter.kind === 'comparison') return printComparison(filter)
  if (filter.kind === 'not')
    return `not ${group(filter.operand, filter.operand.kind === 'and' || filter.operand.kind === 'or')}`
  return filter.operands
    .map((operand) => group(operand, operand.kind === filter.kind || (filter.kind === 'and' && operand.kind === 'or')))
    .join(` ${filter.kind} `)
}

const group = (filter: Filter, isNeeded: boolean): string =>
  isNeeded ? `(${printFilter(filter)})` : printFilter(filter)

function printComparison({ field, operator, values }: Comparison<Literal>): string {
  if (operator === 'pr') return `pr ${field}`
  if (operator === 'isnull') return `${field} isnull`
  const printed = values.map(printLiteral)
  return `${field} ${operator} ${operator === 'in' || operator === 'ca' ? `(${printed.join(', ')})` : printed[0]}`
}

const printLiteral = ({ text, isQuoted }: Literal): string =>
  isQuoted ? `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"` : text

/** Filters whose leaves are these comparisons, nested a few deep. */
export function anyFilterOf(comparisons: fc.Arbitrary<Comparison<Literal>>): fc.Arbitrary<Filter> {
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      comparisons,
      tie('filter').map((operand): Filter => ({ kind: 'not', operand })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]): Filter => ({ kind, operands })),
    ),
  }))
  return filter
}

/** A comparison of one field with values of the kind it holds. */
export const comparing = (
  field: string,
  operators: readonly Comparison<Literal>['operator'][],
  literals: fc.Arbitrary<Literal>,
): fc.Arbitrary<Comparison<Literal>> =>
  fc
    .record({ operator: fc.constantFrom(...operators), list: fc.array(literals, { minLength: 1, maxLength: 3 }) })
    .map(({ operator, list }) => ({ kind: 'comparison', field, operator, values: list.slice(0, arity(operator)) }))

function arity(operator: string): number {
  if (operator === 'pr' || operator === 'isnull') return 0
  return operator === 'in' || operator === 'ca' ? 3 : 1
}

export const quoted = (text: string): Literal => ({ text, isQuoted: true })
export const bare = (text: string): Literal => ({ text, isQuoted: false })
