import { suggestion } from '../config/nearest-word.ts'
import { DomainError } from '../errors.ts'
import { type Filter, type Literal, type Operator, operators } from './filter.ts'
import { filterTokens, type Token } from './filter-tokens.ts'

const DEPTH_MAX = 30
const VALUES_MAX = 250

/**
 * Reads a filter in ISC's grammar: `not` binds more than `and`, `and` more than `or`; words are lower-case.
 * @throws DomainError `invalid` that says at which character it went wrong, and what could stand there.
 */
export function parseFilter(filter: string): Filter {
  const reader = new TokenReader(filterTokens(filter))
  const tree = parseOr(reader, 1)
  const rest = reader.next()
  if (rest.kind !== 'end') throw unexpected(rest, '"and", "or" or the end')
  return tree
}

class TokenReader {
  readonly #tokens: readonly Token[]
  #position = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  next(): Token {
    const token = this.#tokens[this.#position] as Token
    if (token.kind !== 'end') this.#position += 1
    return token
  }

  /** Steps over the next token if it is this sign or keyword. */
  take(text: string): boolean {
    const token = this.#tokens[this.#position]
    const isIt = token?.text === text && token.kind !== 'quoted' && token.kind !== 'end'
    if (isIt) this.#position += 1
    return isIt
  }
}

const parseOr = (reader: TokenReader, depth: number): Filter => parseJoined(reader, 'or', () => parseAnd(reader, depth))
const parseAnd = (reader: TokenReader, depth: number): Filter =>
  parseJoined(reader, 'and', () => parseNot(reader, depth))

function parseJoined(reader: TokenReader, kind: 'and' | 'or', parseOperand: () => Filter): Filter {
  const first = parseOperand()
  const operands = [first]
  while (reader.take(kind)) operands.push(parseOperand())
  return operands.length === 1 ? first : { kind, operands }
}

function parseNot(reader: TokenReader, depth: number): Filter {
  if (depth > DEPTH_MAX)
    throw new DomainError('invalid', `The filter is nested more than ${DEPTH_MAX} deep: write it flatter.`)
  if (reader.take('not')) return { kind: 'not', operand: parseNot(reader, depth + 1) }
  if (!reader.take('(')) return parseComparison(reader)
  const inner = parseOr(reader, depth + 1)
  expect(reader, ')')
  return inner
}

function parseComparison(reader: TokenReader): Filter {
  if (reader.take('pr')) return { kind: 'comparison', field: fieldOf(reader.next()), operator: 'pr', values: [] }
  const field = fieldOf(reader.next())
  const operator = operatorOf(reader.next())
  return { kind: 'comparison', field, operator, values: valuesFor(reader, operator) }
}

function valuesFor(reader: TokenReader, operator: Operator): Literal[] {
  if (operator === 'isnull') return []
  return operator === 'in' || operator === 'ca' ? parseList(reader) : [literalOf(reader.next())]
}

function parseList(reader: TokenReader): Literal[] {
  expect(reader, '(')
  const values = [literalOf(reader.next())]
  while (reader.take(',')) values.push(literalOf(reader.next()))
  expect(reader, ')')
  if (values.length > VALUES_MAX)
    throw new DomainError('invalid', `A list in a filter holds at most ${VALUES_MAX} values.`)
  return values
}

function fieldOf(token: Token): string {
  if (token.kind === 'word' && /^[A-Za-z][\w.-]*$/.test(token.text)) return token.text
  throw unexpected(token, 'the name of a field, "not", "pr" or "("')
}

function operatorOf(token: Token): Operator {
  const operator = operators.find((one) => one === token.text)
  if (token.kind === 'word' && operator !== undefined && operator !== 'pr') return operator
  if (token.kind !== 'word') throw unexpected(token, 'an operator such as eq')
  const known = operators.filter((one) => one !== 'pr')
  throw new DomainError(
    'invalid',
    `${token.text} (at character ${token.at} of the filter) is no operator: ${suggestion(token.text, known)}.`,
  )
}

function literalOf(token: Token): Literal {
  if (token.kind === 'quoted' || token.kind === 'word') return { text: token.text, isQuoted: token.kind === 'quoted' }
  throw unexpected(token, 'a value; strings stand in double quotes, lists as ("a", "b")')
}

function expect(reader: TokenReader, sign: '(' | ')'): void {
  if (!reader.take(sign)) throw unexpected(reader.next(), `"${sign}"`)
}

function unexpected({ kind, text, at }: Token, wanted: string): DomainError {
  const found =
    kind === 'end' ? 'The filter ends' : `The filter has ${kind === 'quoted' ? 'a string' : text} at character ${at}`
  return new DomainError('invalid', `${found} where ${wanted} should stand.`)
}
