import { DomainError } from '../../errors.ts'

const MAX_CHARACTERS = 1000
/** What no request path may hold, so that a template with it is never matched. */
const UNREACHABLE = /[?#;\\\u0000-\u0020\u007f]|%(?![0-9a-f]{2})|%(?:2e|2f|5c|[01][0-9a-f]|7f)/i
const BALANCED = /^[^{}]*(?:\{[^{}/]+\}[^{}]*)*$/

/** What is wrong with the templated path of a document, in words; undefined for a path that can be served. */
export function problemWithPath(template: string): string | undefined {
  if (!template.startsWith('/')) return 'A path must start with a slash.'
  if (template.length > MAX_CHARACTERS) return `A path may have ${MAX_CHARACTERS} characters at most.`
  if (!BALANCED.test(template)) return 'A parameter of a path must be a name in one pair of braces, within one segment.'
  if (UNREACHABLE.test(template)) return 'The path holds characters that no request path may hold.'
  if (/\/\.{1,2}(?:\/|$)/.test(template)) return 'The path holds a dot segment, which no request path may hold.'
  return undefined
}

/** A path as requests are normalised: each run of slashes is one, and there is none at the end. */
export function normalisePath(path: string): string {
  const collapsed = path.replaceAll(/\/+/g, '/')
  return collapsed.length > 1 && collapsed.endsWith('/') ? collapsed.slice(0, -1) : collapsed
}

/**
 * Checks what a catalog puts before the paths of its document.
 *
 * @throws DomainError `invalid` unless it is empty, or a plain path without a slash at its end.
 */
export function requirePrefix(prefix: string, catalog: string): void {
  const isPlain = prefix === normalisePath(prefix) && !/[{}]/.test(prefix) && problemWithPath(prefix) === undefined
  if (prefix === '' || (isPlain && prefix !== '/')) return
  throw new DomainError(
    'invalid',
    `${catalog}: prefix: must be empty, or start with a slash and end without one, as /v3 does`,
  )
}
