import { literalsOf, segmentsOf } from './path-segment.ts'

/** Stand for characters that have a meaning in templates and paths, where a literal holds them escaped. */
const STAND_INS: Record<string, string> = { '/': '\uE000', '{': '\uE001', '}': '\uE002' }

/**
 * A path as the most lenient of upstreams would read it: decoded, `+` as a space, normalised (NFKC) before it is taken
 * apart, in any case, without invisible characters, spaces and dots around a segment. Paths that one upstream may take
 * for the other look the same in this form. What turns into a delimiter that no request may hold looks like nothing.
 */
export function lenientPath(path: string): string {
  if (!IS_READ_IN_WAYS.test(path)) return path.toLowerCase()
  const text = folded(decoded(path))
  return HIDDEN_DELIMITER.test(text) ? '' : trimmedSegments(text.replaceAll(/[{}]/g, standIn))
}

/** The same for a templated path, its parameters without their names. */
export function lenientTemplate(path: string): string {
  const segments = segmentsOf(path).map((segment) => trimmed(literalsOf(segment).map(lenientText).join('{}')))
  return `/${segments.join('/')}`
}

/**
 * Shorter paths that some upstreams read in place of a lenient path: up to `?` or `#`, where they decode before they cut
 * off the query, and without an extension, as Rails and Spring (before 5.3) do. What the template itself spells out
 * there is none of that.
 */
export function shorterReadings(path: string, template: string): string[] {
  const readings: string[] = []
  const cutAt = path.search(/[?#]/)
  if (cutAt > 0 && !/[?#]/.test(template)) readings.push(trimmedSegments(path.slice(0, cutAt)).replace(/(?<=.)\/$/, ''))
  if (!ENDS_IN_A_VALUE.test(template)) return readings
  const stemAt = path.lastIndexOf('/') + 1
  const [first, last] = [path.indexOf('.', stemAt + 1), path.lastIndexOf('.')]
  if (first > stemAt) readings.push(trimmedSegments(path.slice(0, first)))
  if (last > first && first > stemAt) readings.push(trimmedSegments(path.slice(0, last)))
  return readings
}

const IS_READ_IN_WAYS = /[%+]|\.(?:\/|$)/

const ENDS_IN_A_VALUE = /\/[^/.]*\}$/

/** As full-width forms, for one; escaped as they are, the front door has refused them. */
const HIDDEN_DELIMITER = /[;\\%]/

const standIn = (character: string): string => STAND_INS[character] ?? ''

const lenientText = (text: string): string => folded(decoded(text)).replaceAll(/[/{}]/g, standIn)

/** In upper case first: `ß` and `ss`, or `ı` and `i`, are one to whoever compares so. */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('+', ' ')

const trimmedSegments = (path: string): string => path.split('/').map(trimmed).join('/')

/** Character by character: of a long row of dots, an expression that may match anywhere tries each in turn. */
function trimmed(segment: string): string {
  let [start, end] = [0, segment.length]
  while (end > 0 && ENDS_WITHOUT_MEANING.test(segment.charAt(end - 1))) end--
  while (start < end && BEGINS_WITHOUT_MEANING.test(segment.charAt(start))) start++
  return segment.slice(start, end)
}

const ENDS_WITHOUT_MEANING = /[\s\p{Cc}.]/u
const BEGINS_WITHOUT_MEANING = /[\s\p{Cc}]/u

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
