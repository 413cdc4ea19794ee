import { invalidDocument, lineAt } from './invalid-document.ts'

const MAX_DEPTH = 200
const MAX_VALUES = 4_000_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/**
 * Parses JSON that is at most as deep and as rich in values as a real document.
 *
 * @throws DomainError `invalid` when it is not JSON, or beyond those bounds.
 */
export function parseJson(text: string, name: string): unknown {
  // A few megabytes of opening brackets would otherwise become gigabytes of arrays.
  checkShape(text, name)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw describeSyntaxError(error, text, name)
  }
}

function checkShape(text: string, name: string): void {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) at = endOfString(text, at)
    else if (character === COMMA) values++
    else if (CLOSING.has(character)) depth--
    else if (OPENING.has(character)) {
      depth++
      values++
    }
    if (depth > MAX_DEPTH) throw invalidDocument(name, lineAt(text, at), `nests deeper than ${MAX_DEPTH} levels`)
  }
  if (values > MAX_VALUES) throw invalidDocument(name, '', `holds more than ${MAX_VALUES} values; split the document`)
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === BACKSLASH) at++
    else if (character === QUOTE) return at
  }
  return text.length
}

function describeSyntaxError(error: unknown, text: string, name: string): Error {
  const message = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)
  const [problem = '', offset] = message.split(/ in JSON at position (\d+)| is not valid JSON/)
  const place = offset === undefined ? '' : lineAt(text, Number(offset))
  return invalidDocument(name, place, `is not valid JSON: ${problem}`, error)
}
