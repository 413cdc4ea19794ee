const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::([1-9]\d{0,4}))?([/?].*)?$/
const PORT_MAX = 65_535

/**
 * True when a redirect URI is one of the registered ones, compared character by character as it was sent (RFC 9700
 * §2.1). Where http://127.0.0.1 or http://[::1] is registered the port is free, for an application takes whichever is
 * (RFC 8252 §7.3); nothing is on any other host, `localhost` by name included.
 */
export function matchesRedirectUri(registered: readonly string[], sent: string): boolean {
  if (registered.includes(sent)) return true
  const portless = withoutLoopbackPort(sent)
  return portless !== undefined && registered.some((uri) => withoutLoopbackPort(uri) === portless)
}

/**
 * True for a redirect URI that leads to whatever listens on the person's own machine, or to whichever application there
 * claims its scheme: nothing proves that it is the client (RFC 8252 §8.6).
 */
export function isUnprovenReceiver(uri: string): boolean {
  return !uri.startsWith('https://')
}

function withoutLoopbackPort(uri: string): string | undefined {
  const [, host, port, rest = ''] = LOOPBACK.exec(uri) ?? []
  if (host === undefined || Number(port ?? 0) > PORT_MAX) return undefined
  return `http://${host}${rest}`
}
