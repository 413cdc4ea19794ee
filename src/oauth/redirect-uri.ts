const MAX_LENGTH = 2048
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * What keeps a URI from being registered as a redirect URI, as the rest of a sentence that starts with it
 * ("must ..."); undefined when nothing does. Allowed are https, http on a loopback host, and private-use schemes
 * with a dot (RFC 8252 §7.1, §7.3), without fragment (RFC 6749 §3.1.2), user information or wildcard.
 */
export function problemWithRedirectUri(uri: string): string | undefined {
  if (uri.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'must be plain ASCII without spaces; write other characters as %XX'
  if (uri.includes('#')) return 'must not have a fragment (#...)'
  if (uri.includes('*')) return 'must not have a wildcard (*); list every URI in full'
  if (/%(?![0-9a-fA-F]{2})/.test(uri)) return 'must not have a % without two hexadecimal digits after it'
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(uri)?.[1]
  if (scheme === undefined) return 'must be a whole URI that starts with its scheme in lower case, such as https://'
  return scheme === 'http' || scheme === 'https' ? problemWithWebUri(uri, scheme) : problemWithPrivateUri(uri, scheme)
}

function problemWithWebUri(uri: string, scheme: 'http' | 'https'): string | undefined {
  const [, authority, path = ''] = /^https?:\/\/([^/?\\]+)([^?]*)/.exec(uri) ?? []
  if (authority === undefined) return `must have a host right after ${scheme}://`
  if (authority.includes('@')) return 'must not have a user name or password'
  const url = parse(uri)
  if (url === undefined) return 'must be a valid URI'
  // A browser folds dot segments, backslashes and odd spellings of a host: what is compared must be what is visited.
  const host = authority.replace(/:\d{1,5}$/, '').toLowerCase()
  if (url.hostname !== host || host.endsWith('.')) return 'must name its host plainly, without a dot at the end'
  if (url.pathname !== (path || '/')) return 'must have a plain path, without dot segments, backslashes or quotes'
  if (scheme === 'http' && !LOOPBACK_HOSTS.has(host)) {
    return 'must use https; http is for 127.0.0.1, [::1] and localhost alone'
  }
  return undefined
}

function problemWithPrivateUri(uri: string, scheme: string): string | undefined {
  if (!scheme.includes('.'))
    return 'must use https, http on a loopback host, or a scheme with a dot (com.example.app:/)'
  if (!/^[^:]+:\/{1,2}[^/\\]/.test(uri)) return `must have a path after ${scheme}:/`
  if (uri.includes('\\')) return 'must not have a backslash'
  if (/^[^:]+:\/\/[^/?]*@/.test(uri)) return 'must not have a user name or password'
  return parse(uri) === undefined ? 'must be a valid URI' : undefined
}

function parse(uri: string): URL | undefined {
  return URL.parse(uri) ?? undefined
}
