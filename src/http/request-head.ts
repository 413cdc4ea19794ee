import type { IncomingMessage } from 'node:http'

const URL_CHARACTERS_MAX = 8192
const HEADERS_MAX = 100

/** What `readHead` makes of a request that may go on. */
export interface RequestHead {
  host: string
  /** As sent, without the query. */
  rawPath: string
  query: string
}

/**
 * Reads what decides who answers: the host and the target. Answers a sentence instead when the request could be read
 * in more than one way (RFC 9112 §3.2): no single `Host`, an absolute target, TRACE, two `Authorization` headers,
 * chunks in HTTP/1.0.
 */
export function readHead(request: IncomingMessage): RequestHead | string {
  const { url = '', method, rawHeaders, httpVersion } = request
  if (method === 'TRACE' || method === 'CONNECT') return `${method} is not served here.`
  if (httpVersion !== '1.1' && (httpVersion !== '1.0' || request.headers['transfer-encoding'] !== undefined))
    return 'Send the request as HTTP/1.1.'
  if (url.charCodeAt(0) !== 0x2f) return 'The request target must begin with a slash.'
  if (url.length > URL_CHARACTERS_MAX) return `The request target is longer than ${URL_CHARACTERS_MAX} characters.`
  if (rawHeaders.length > HEADERS_MAX * 2) return `There are more than ${HEADERS_MAX} headers.`
  const { hosts, authorizations } = countHeaders(rawHeaders)
  const host = request.headers.host ?? ''
  if (hosts !== 1 || !HOST.test(host)) return 'Send exactly one Host header, a host name with an optional port.'
  if (authorizations > 1) return 'Send the Authorization header once.'
  const at = url.indexOf('?')
  return at < 0 ? { host, rawPath: url, query: '' } : { host, rawPath: url.slice(0, at), query: url.slice(at + 1) }
}

const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

function countHeaders(rawHeaders: readonly string[]): { hosts: number; authorizations: number } {
  let hosts = 0
  let authorizations = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1
  }
  return { hosts, authorizations }
}
