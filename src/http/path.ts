const SLASH = 0x2f
const PERCENT = 0x25
const DOT = 0x2e
const EIGHT = 0x38

/** Characters that a path may hold as they are: RFC 3986 §3.3 `pchar` without `;`, which some upstreams cut at. */
const isPlain = new Uint8Array(128)
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@")
  isPlain[character.charCodeAt(0)] = 1

/**
 * The path that is matched AND sent: each run of `/` becomes one and one trailing `/` goes. Undefined for anything that
 * another reader could read differently: dot segments, `;`, backslashes, control bytes, bytes that are not UTF-8, and
 * escapes that are broken, hide a delimiter, or stand for what needs none are refused, not repaired.
 */
export function canonicalPath(path: string): string | undefined {
  if (path.charCodeAt(0) !== SLASH) return undefined
  let needsCollapse = false
  let hasHighEscape = false
  let segmentStart = 1
  for (let at = 1; at <= path.length; at++) {
    const code = at === path.length ? SLASH : path.charCodeAt(at)
    if (code === SLASH) {
      if (isDotSegment(path, segmentStart, at)) return undefined
      if (at === segmentStart && path.length > 1) needsCollapse = true
      segmentStart = at + 1
    } else if (code === PERCENT) {
      if (!isHarmlessEscape(path, at)) return undefined
      if (path.charCodeAt(at + 1) >= EIGHT) hasHighEscape = true
      at += 2
    } else if (code > 127 || isPlain[code] === 0) return undefined
  }
  if (hasHighEscape && !isUtf8(path)) return undefined
  return needsCollapse ? collapse(path) : path
}

function isDotSegment(path: string, start: number, end: number): boolean {
  const length = end - start
  if (length !== 1 && length !== 2) return false
  return path.charCodeAt(start) === DOT && (length === 1 || path.charCodeAt(start + 1) === DOT)
}

/** Not a control byte, `%`, `/`, `;`, `\\`, nor what RFC 3986 §2.3 says must not be escaped: letters, digits, `-._~`. */
const HARMLESS_ESCAPE = /^%(?:2[0-46-9a-c]|3[ac-f]|40|5[bde]|60|7[b-d]|[89a-f][0-9a-f])$/i

const isHarmlessEscape = (path: string, at: number): boolean => HARMLESS_ESCAPE.test(path.slice(at, at + 3))

/** Overlong forms of `.` and `/` are not UTF-8, but old decoders read them all the same. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function collapse(path: string): string {
  const single = path.replace(/\/{2,}/g, '/')
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single
}
