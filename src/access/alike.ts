import { literalsOf, segmentsOf } from './path-segment.ts'

/** Stand for characters that have a meaning in templates and paths, where a literal holds them escaped. */
const STAND_INS: Record<string, string> = { '/': '\uE000', '{': '\uE001', '}': '\uE002' }

/**
 * A path as the most lenient of upstreams would read it: decoded, in any case, without spaces and dots at the end of a
 * segment. Paths that one upstream may take for the other look the same in this form.
 */
export function lenientPath(path: string): string {
  if (!DECODES_OR_ENDS_ODDLY.test(path)) return path.toLowerCase()
  return path.split('/').map(lenientText).map(trimmed).join('/')
}

/** The same for a templated path, its parameters without their names. */
export function lenientTemplate(path: string): string {
  const segments = segmentsOf(path).map((segment) => trimmed(literalsOf(segment).map(lenientText).join('{}')))
  return `/${segments.join('/')}`
}

const DECODES_OR_ENDS_ODDLY = /%|\.(?:\/|$)/

function lenientText(text: string): string {
  return decoded(text)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[/{}]/g, (character) => STAND_INS[character] ?? '')
}

const trimmed = (segment: string): string => segment.replace(/[\s.]+$/u, '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A document may hold what no request can: nothing is like it.
  }
}

/**
 * A templated path with the literals as a request has to write them: what stands for itself is as it is, the rest is
 * escaped, in capitals.
 */
export function requestTemplate(path: string): string {
  const escaped = path.replaceAll(TO_BE_ESCAPED, (character) => encodeURIComponent(character))
  return upperEscapes(escaped)
}

/** Not the parameters' braces, nor `%`, which begins an escape already. */
const TO_BE_ESCAPED = /[^\w!$&'()*+,\-./:;=@~%{}]/gu

/** The path with its escapes in capitals: `%c3` and `%C3` are one (RFC 3986 §6.2.2.1). */
export function upperEscapes(path: string): string {
  return path.includes('%') ? path.replaceAll(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase()) : path
}
