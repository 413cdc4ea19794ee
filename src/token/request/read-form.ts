import { MAX_PARAMETERS, tooManyParameters, type VisitParameter } from './parameters.ts'

/**
 * Decodes one form-urlencoded component; undefined when an escape is broken or the bytes are not UTF-8. (URLSearchParams
 * would turn every bad byte into U+FFFD, so that different inputs come to look alike.)
 */
export function decodeFormComponent(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/**
 * Reads `application/x-www-form-urlencoded` text, in a body or a query.
 *
 * @throws OAuthError `invalid_request` when it holds too many parameters
 */
export function readForm(text: string, visit: VisitParameter): void {
  let count = 0
  let start = 0
  while (start < text.length) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    if (end > start) {
      if (++count > MAX_PARAMETERS) throw tooManyParameters()
      readPair(text.slice(start, end), visit)
    }
    start = end + 1
  }
}

function readPair(pair: string, visit: VisitParameter): void {
  const equals = pair.indexOf('=')
  const name = decodeFormComponent(equals === -1 ? pair : pair.slice(0, equals))
  // A name that cannot be decoded is not one we know.
  if (name === undefined) return
  visit(name, equals === -1 ? '' : decodeFormComponent(pair.slice(equals + 1)))
}
