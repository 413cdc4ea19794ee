import { DomainError } from '../errors.ts'

export interface Token {
  readonly kind: '(' | ')' | ',' | 'word' | 'quoted' | 'end'
  readonly text: string
  /** Where it begins, counted in characters from 1, for messages. */
  readonly at: number
}

const FILTER_CHARACTERS_MAX = 8000
const TOKENS_MAX = 1000

/** White space, a sign, a string in double quotes, or a run of anything else. */
const LEXEME = /\s+|([(),])|"((?:[^"\\]|\\["\\])*)"|([^\s(),"]+)/y

/**
 * The words, strings and signs of a filter, with a last one that marks its end.
 * @throws DomainError `invalid` where a string does not end, or the filter is too long.
 */
export function filterTokens(filter: string): Token[] {
  if (filter.length > FILTER_CHARACTERS_MAX)
    throw new DomainError('invalid', `The filter is longer than ${FILTER_CHARACTERS_MAX} characters.`)
  if (!filter.isWellFormed() || filter.includes('\0'))
    throw new DomainError('invalid', 'The filter holds characters that are not text.')
  const tokens: Token[] = []
  for (const match of lexemes(filter)) {
    const at = match.index + 1
    const [, sign, quoted, word] = match
    if (sign !== undefined) tokens.push({ kind: sign as ',', text: sign, at })
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll(/\\(["\\])/g, '$1'), at })
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    if (tokens.length > TOKENS_MAX)
      throw new DomainError('invalid', `The filter holds more than ${TOKENS_MAX} words and signs.`)
  }
  return [...tokens, { kind: 'end', text: '', at: filter.length + 1 }]
}

function* lexemes(filter: string): Generator<RegExpExecArray> {
  const lexeme = new RegExp(LEXEME)
  while (lexeme.lastIndex < filter.length) {
    const from = lexeme.lastIndex
    const match = lexeme.exec(filter)
    if (!match)
      throw new DomainError(
        'invalid',
        `The string that begins at character ${from + 1} of the filter does not end, or holds a backslash alone: write \\" for a quote in it and \\\\ for a backslash.`,
      )
    yield match
  }
}
