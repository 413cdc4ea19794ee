import { isIP, isIPv4 } from 'node:net'

const MAX_NAME_LENGTH = 253 // RFC 1035 §2.3.4
const DNS_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** What is wrong with a listening address, as the rest of a sentence; undefined for an IP address or a DNS name. */
export function problemWithHost(host: string): string | undefined {
  if (isIP(host) !== 0 || isDnsName(host.toLowerCase())) return undefined
  if (host.startsWith('[')) return 'is an address in brackets; leave the brackets out'
  return 'is not an address to listen on; give an IP address or a host name'
}

/** What is wrong with a public `host[:port]`, as the rest of a sentence; undefined when nothing is. */
export function problemWithDomain(domain: string): string | undefined {
  if (domain.includes('://')) return 'has a scheme; give the host alone, and --public-scheme for http or https'
  if (domain.includes('/')) return 'has a path; give the host alone, such as sallyport.example'
  const { name, port } = splitDomain(domain)
  if (port !== undefined && !isPort(port)) return `has ${port || 'nothing'} for a port; give a number from 1 to 65535`
  if (isIPv4(name) || name.includes(':')) return 'is an address; give a name, because tenants get names below it'
  if (!isDnsName(name.toLowerCase())) return 'is not a host name; give one such as sallyport.example or localhost:8080'
  return undefined
}

/** The domain as a Host header spells it: lower case, without the port that the scheme implies. */
export function canonicalDomain(domain: string, scheme: 'http' | 'https'): string {
  const { name, port } = splitDomain(domain.toLowerCase())
  const isImplied = port === undefined || Number(port) === (scheme === 'https' ? 443 : 80)
  return isImplied ? name : `${name}:${Number(port)}`
}

/** Does an address or name reach this machine alone? */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
  )
}

function splitDomain(domain: string): { name: string; port: string | undefined } {
  const colon = domain.lastIndexOf(':')
  if (colon === -1) return { name: domain, port: undefined }
  return { name: domain.slice(0, colon), port: domain.slice(colon + 1) }
}

function isDnsName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && DNS_NAME.test(name)
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
}
