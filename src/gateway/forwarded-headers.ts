/** Headers that concern one connection only (RFC 9110 §7.6.1), and what a caller must not say in our place. */
const NEVER_FORWARDED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
  'authorization',
  'cookie',
  'forwarded',
])

/** Names by which an upstream could take the caller's word for ours: who calls, from where, for what. */
const OURS =
  /^(?:sallyport|slpt|remote-user|x-(?:isc|user|tenant|identity|auth|forwarded|real-ip|remote|original|rewrite|host|http-method|method-override|middleware))/

/**
 * What of a caller's headers goes upstream: neither credentials, nor what concerns the connection (also what
 * `Connection` names), nor anything that could pass for ours, `_` counting as `-` as some upstreams read it. Raw pairs
 * in, raw pairs out.
 */
export function requestHeadersFor(rawHeaders: readonly string[], connection: string | undefined): string[] {
  const named = connectionNames(connection)
  const kept: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const read = name.replaceAll('_', '-')
    if (NEVER_FORWARDED.has(read) || named?.has(name) || OURS.test(read)) continue
    kept.push(name, rawHeaders[at + 1] ?? '')
  }
  return kept
}

const NEVER_RETURNED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'slpt-request-id',
  'strict-transport-security',
])

/** Who may read an answer, and why it was refused, is for us to say. */
const OURS_TO_SAY = /^(?:sallyport|access-control-)/

/** What an origin that people also sign in on must not take from an upstream. */
const NEVER_ON_SHARED_ORIGIN = new Set(['set-cookie', 'clear-site-data'])

/** A proxied page must not act on the origin that people also sign in on. */
export const SANDBOX = { 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' } as const

/** An answer to one caller is not for the next, unless its upstream says so. */
export const NOT_CACHED = 'private, no-store'

/** What of an upstream's headers goes back; `vary` is what the answer depends on already. */
export function responseHeadersFor(
  headers: Record<string, string | string[] | undefined>,
  { isOriginShared, vary }: { isOriginShared: boolean; vary: number | string | string[] | undefined },
): Record<string, string | string[]> {
  const connection = headers['connection']
  const named = connectionNames(Array.isArray(connection) ? connection.join(',') : connection)
  const kept = Object.create(null) as Record<string, string | string[]>
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === undefined || NEVER_RETURNED.has(name) || named?.has(name) || OURS_TO_SAY.test(name)) continue
    if (isOriginShared && NEVER_ON_SHARED_ORIGIN.has(name)) continue
    kept[name] = value
  }
  const caching = (kept['cache-control'] ??= NOT_CACHED)
  // It was made for the caller of the context header, which a cache in front of us never sees.
  if (caching !== NOT_CACHED) kept['vary'] = [kept['vary'] ?? [], 'Authorization'].flat().join(', ')
  if (vary !== undefined && kept['vary'] !== undefined) kept['vary'] = [vary, kept['vary']].flat().join(', ')
  return isOriginShared ? Object.assign(kept, SANDBOX) : kept
}

function connectionNames(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
