const SLASH = 0x2f
const PERCENT = 0x25
const DOT = 0x2e

/** Characters that a path may hold as they are: RFC 3986 §3.3 `pchar` without `;`, which some upstreams cut at. */
const isPlain = new Uint8Array(128)
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@")
  isPlain[character.charCodeAt(0)] = 1

/**
 * The path that is matched AND sent: each run of `/` becomes one and one trailing `/` goes. Undefined for anything that
 * another reader could read differently: dot segments, encoded dots, slashes, backslashes and percent signs, `;`,
 * control bytes and broken escapes are refused, not repaired.
 */
export function canonicalPath(path: string): string | undefined {
  if (path.charCodeAt(0) !== SLASH) return undefined
  let needsCollapse = false
  let segmentStart = 1
  for (let at = 1; at <= path.length; at++) {
    const code = at === path.length ? SLASH : path.charCodeAt(at)
    if (code === SLASH) {
      if (isDotSegment(path, segmentStart, at)) return undefined
      if (at === segmentStart && path.length > 1) needsCollapse = true
      segmentStart = at + 1
    } else if (code === PERCENT) {
      if (!isHarmlessEscape(path, at)) return undefined
      at += 2
    } else if (code > 127 || isPlain[code] === 0) return undefined
  }
  return needsCollapse ? collapse(path) : path
}

function isDotSegment(path: string, start: number, end: number): boolean {
  const length = end - start
  if (length !== 1 && length !== 2) return false
  return path.charCodeAt(start) === DOT && (length === 1 || path.charCodeAt(start + 1) === DOT)
}

const HARMLESS_ESCAPE = /^%(?![01][0-9a-f]|2[ef5]|3b|5c|7f)[0-9a-f]{2}$/i

const isHarmlessEscape = (path: string, at: number): boolean => HARMLESS_ESCAPE.test(path.slice(at, at + 3))

function collapse(path: string): string {
  const single = path.replace(/\/{2,}/g, '/')
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single
}
