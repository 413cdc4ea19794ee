import type { FastifyInstance } from 'fastify'

/** Receives each pair of a form. The value is undefined where it cannot be decoded. */
export type VisitPair = (name: string, value: string | undefined) => void

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

/** Reads `application/x-www-form-urlencoded` text, in a body or a query; false when it holds more than `max` pairs. */
export function readForm(text: string, max: number, visit: VisitPair): boolean {
  let count = 0
  let start = 0
  while (start < text.length) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    if (end > start) {
      if (++count > max) return false
      readPair(text.slice(start, end), visit)
    }
    start = end + 1
  }
  return true
}

function readPair(pair: string, visit: VisitPair): void {
  const equals = pair.indexOf('=')
  const name = decodeFormComponent(equals === -1 ? pair : pair.slice(0, equals))
  // A name that cannot be decoded is not one we know.
  if (name === undefined) return
  visit(name, equals === -1 ? '' : decodeFormComponent(pair.slice(equals + 1)))
}

const FORM_BYTES_MAX = 16 * 1024

/** Lets the routes of this scope take HTML forms and nothing else; `request.body` is the form's text, for `readFields`. */
export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const options = { parseAs: 'string', bodyLimit: FORM_BYTES_MAX } as const
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => done(null, body))
}

/**
 * The fields of a page's own form. Undefined for what no browser sends for it: a field the form does not have, one
 * twice, a broken escape, control characters.
 */
export function readFields<Name extends string>(
  body: unknown,
  names: readonly Name[],
): Partial<Record<Name, string>> | undefined {
  if (typeof body !== 'string') return undefined
  const fields: Partial<Record<Name, string>> = {}
  let isSound = true
  const isShort = readForm(body, names.length, (name, value) => {
    const known = names.find((each) => each === name)
    if (known === undefined || value === undefined || fields[known] !== undefined || CONTROL.test(value))
      isSound = false
    else fields[known] = value
  })
  return isSound && isShort ? fields : undefined
}

const CONTROL = /\p{Cc}/u
