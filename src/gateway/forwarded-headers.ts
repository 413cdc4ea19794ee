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
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'x-forwarded-uri',
  'x-forwarded-prefix',
  'x-forwarded-method',
  'slpt-request-id',
])

/** Names that could be mistaken for ours, `_` counting as `-` as some upstreams read it. */
const OURS = /^sallyport|^x-(?:isc|user|tenant|identity|forwarded|real-ip|auth)/

/**
 * What of a caller's headers goes upstream: neither credentials, nor what concerns the connection (also what
 * `Connection` names), nor anything that could pass for ours. Raw pairs in, raw pairs out.
 */
export function requestHeadersFor(rawHeaders: readonly string[], connection: string | undefined): string[] {
  const named = connectionNames(connection)
  const kept: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (NEVER_FORWARDED.has(name) || named?.has(name) || OURS.test(name.replaceAll('_', '-'))) continue
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
  'sallyport-reason',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'strict-transport-security',
])

/** What of an upstream's headers goes back. Cookies are dropped where our own origin would be told to keep them. */
export function responseHeadersFor(
  headers: Record<string, string | string[] | undefined>,
  isOriginShared: boolean,
): Record<string, string | string[]> {
  const connection = headers['connection']
  const named = connectionNames(Array.isArray(connection) ? connection.join(',') : connection)
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NEVER_RETURNED.has(name) || named?.has(name)) continue
    if (isOriginShared && name === 'set-cookie') continue
    kept[name] = value
  }
  kept['cache-control'] ??= 'private, no-store'
  if (isOriginShared) {
    // The origin is also where people sign in: a proxied page must not act there.
    kept['content-security-policy'] = 'sandbox'
    kept['x-content-type-options'] = 'nosniff'
  }
  return kept
}

function connectionNames(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
