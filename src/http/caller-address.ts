import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
const HOPS_MAX = 32

/**
 * The caller's address: the peer's, unless the peer is a trusted proxy; then the nearest address of `X-Forwarded-For`
 * that is not one. What an untrusted peer writes there is never believed.
 */
export function callerAddress(request: IncomingMessage, isTrustedProxy: (address: string) => boolean): string {
  const peer = plainAddress(request.socket.remoteAddress ?? '')
  const header = request.headers['x-forwarded-for']
  if (typeof header !== 'string' || !isTrustedProxy(peer)) return peer
  let nearest = peer
  for (const hop of header.split(',').slice(-HOPS_MAX).reverse()) {
    const address = plainAddress(hop.trim())
    if (isIP(address) === 0) return nearest
    nearest = address
    if (!isTrustedProxy(address)) return address
  }
  return nearest
}

/** IPv4 addresses in their own form, also where a dual-stack socket reports them as IPv6. */
const plainAddress = (address: string): string => MAPPED_IPV4.exec(address)?.[1] ?? address
