import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { isLoopback } from '../../config/host-names.ts'
import { fail, type Finding, ok, warn } from './findings.ts'

const WAIT_MS = 5000
const DAY_MS = 86_400_000
const DAYS_MIN = 14

const hostOf = (origin: URL): string => origin.hostname.replace(/^\[|\]$/g, '')
const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)
const isOwnName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost')

/** Is the name known? Names below localhost are this machine (RFC 6761 §6.3). */
export async function checkName(origin: URL): Promise<Finding> {
  const host = hostOf(origin)
  if (isOwnName(host)) return ok('name', `${host} is this machine.`)
  try {
    const { address } = await lookup(host)
    return ok('name', host === address ? `${host} needs no look-up.` : `${host} is ${address}.`)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTFOUND')
      return fail(
        'name',
        `The name ${host} is unknown.`,
        'Check its spelling, the tenant in it above all, and the VPN.',
      )
    return fail('name', `No name server answers (${code}).`, 'Check the network and the DNS settings of this machine.')
  }
}

/** Does anything listen there? */
export async function checkConnection(origin: URL): Promise<Finding> {
  const [host, port] = [hostOf(origin), portOf(origin)]
  const code = await connectionProblem(isOwnName(host) ? 'localhost' : host, port)
  if (code === undefined) return ok('connection', `${host} takes connections on port ${port}.`)
  if (code === 'ECONNREFUSED')
    return fail('connection', `Nothing listens on ${host}, port ${port}.`, 'Check the port, and that the server runs.')
  const fix = 'Ask whether a firewall or a proxy stands between this machine and the server.'
  return fail('connection', `${host} does not answer on port ${port} (${code}).`, fix)
}

/** Why a port takes no connection; undefined when it does. */
export function connectionProblem(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({ host, port, timeout: WAIT_MS, autoSelectFamily: true })
  socket.once('connect', () => resolve(undefined))
  socket.once('timeout', () => resolve('timeout'))
  socket.once('error', (error) => resolve(codeOf(error)))
  return promise.finally(() => socket.destroy())
}

/** Is the certificate for that name, in time, and vouched for by somebody this machine trusts? */
export async function checkTls(origin: URL, nowMs: number): Promise<Finding> {
  const host = hostOf(origin)
  if (origin.protocol === 'http:') {
    if (isLoopback(host)) return ok('tls', 'Not encrypted, and it stays on this machine.')
    return warn('tls', `${host} is not encrypted: secrets and tokens can be read on the way.`, 'Use https.')
  }
  const { problem, validTo } = await handshake(host, portOf(origin))
  if (problem !== undefined) return fail('tls', ...wordsFor(problem, host))
  const days = Math.floor((Date.parse(validTo ?? '') - nowMs) / DAY_MS)
  if (days < DAYS_MIN) return warn('tls', `The certificate ends in ${days} days.`, 'Renew it.')
  return ok('tls', `The certificate is trusted, and good for ${days} days.`)
}

function handshake(host: string, port: number): Promise<{ problem?: string; validTo?: string }> {
  const { promise, resolve } = Promise.withResolvers<{ problem?: string; validTo?: string }>()
  const name = isOwnName(host) ? 'localhost' : host
  const socket = connectTls({
    host: name,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    timeout: WAIT_MS,
    rejectUnauthorized: false,
  })
  socket.once('secureConnect', () => {
    // The types say an error; what Node sets is its code.
    const problem = socket.authorizationError as unknown as string
    resolve(socket.authorized ? { validTo: socket.getPeerCertificate().valid_to } : { problem })
  })
  socket.once('timeout', () => resolve({ problem: 'timeout' }))
  socket.once('error', (error) => resolve({ problem: codeOf(error) }))
  return promise.finally(() => socket.destroy())
}

function wordsFor(code: string, host: string): [message: string, fix: string] {
  if (code === 'CERT_HAS_EXPIRED') return ['The certificate has expired.', 'Renew it on the server.']
  if (code === 'CERT_NOT_YET_VALID')
    return ['The certificate is not valid yet.', 'Check the clock of this machine, then the certificate.']
  if (/ALTNAME/.test(code))
    return [`The certificate is for another name than ${host}.`, 'Use a name that stands in it.']
  if (/CERT|ISSUER|SIGNATURE/.test(code))
    return [
      `Nobody that this machine trusts vouches for the certificate (${code}).`,
      'Name the certificate authority: NODE_EXTRA_CA_CERTS for Node, REQUESTS_CA_BUNDLE for Python, SSL_CERT_FILE for Go.',
    ]
  if (code === 'timeout') return ['The TLS handshake takes too long.', 'Ask what stands between here and the server.']
  return [`It speaks no TLS (${code}).`, 'Use http:// if that is meant, or the port that speaks TLS.']
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
