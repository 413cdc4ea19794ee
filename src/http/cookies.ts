/** Cookies of ours go over https under the `__Host-` prefix: bound to one host, so that no sibling can plant them. */
export type CookieScheme = 'http' | 'https'

const HEADER_CHARACTERS_MAX = 8192
const COOKIES_MAX = 100

const fullName = (name: string, scheme: CookieScheme): string => (scheme === 'https' ? `__Host-${name}` : name)

/**
 * The value of our cookie `name`; undefined when there is none, or several of it: then a stranger set one of them, and
 * which is ours cannot be told.
 */
export function readCookie(header: string | undefined, name: string, scheme: CookieScheme): string | undefined {
  if (header === undefined || header.length > HEADER_CHARACTERS_MAX) return undefined
  const start = `${fullName(name, scheme)}=`
  const found = header
    .split(';', COOKIES_MAX)
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start))
  return found.length === 1 ? found[0]?.slice(start.length) : undefined
}

/**
 * A `Set-Cookie` value for the whole host that scripts cannot read and that other sites' forms do not send. Without
 * `maxAgeSeconds` it ends with the browser.
 */
export function writeCookie(
  name: string,
  value: string,
  { scheme, maxAgeSeconds }: { scheme: CookieScheme; maxAgeSeconds?: number | undefined },
): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  const secure = scheme === 'https' ? '; Secure' : ''
  return `${fullName(name, scheme)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`
}

/** A `Set-Cookie` value that removes a cookie of ours. */
export const clearCookie = (name: string, scheme: CookieScheme): string =>
  writeCookie(name, '', { scheme, maxAgeSeconds: 0 })
