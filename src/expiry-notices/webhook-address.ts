import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { networkMatcher } from '../config/networks.ts'
import { isLoopback } from '../config/host-names.ts'

/** Networks that are not the internet: this machine, neighbours, clouds' metadata, documentation, multicast. */
const isInternal = networkMatcher([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])
/** The only IPv6 addresses that are the internet; those that carry an IPv4 address within are left out. */
const isGlobalIpv6 = networkMatcher(['2000::/3'])
const isTunnelledIpv6 = networkMatcher(['2001::/32', '2001:db8::/32', '2002::/16'])

/** Which addresses a webhook may reach beside the internet: those that the operator names. */
export type AllowedAddress = (address: string) => boolean

/** True for an address of the internet, or one that the operator allows. */
export function isReachable(address: string, isAllowed: AllowedAddress): boolean {
  if (isAllowed(address)) return true
  if (isIP(address) === 4) return !isInternal(address)
  return isIP(address) === 6 && isGlobalIpv6(address) && !isTunnelledIpv6(address)
}

/** What is wrong with the address of a webhook, as a sentence; undefined when nothing is. */
export function problemWithWebhook(text: string, isAllowed: AllowedAddress): string | undefined {
  const url = URL.parse(text)
  if (!url || !['https:', 'http:'].includes(url.protocol)) return 'Give an https address.'
  if (url.username !== '' || url.password !== '') return 'Leave user and password out: what is posted is signed.'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:' && !isLoopback(host)) return 'Give an https address; http is for this machine alone.'
  if (isLoopback(host) && !isAllowed('127.0.0.1')) return ASK_OPERATOR
  return isIP(host) !== 0 && !isReachable(host, isAllowed) ? ASK_OPERATOR : undefined
}

const ASK_OPERATOR =
  'The address lies in a network that webhooks may not reach. Ask the operator for --webhook-network, or give another.'

/** Resolves names to addresses that may be reached: asked at every connection, so a name cannot change its mind between. */
export function guardedLookup(isAllowed: AllowedAddress): LookupFunction {
  return (host, options, done) => {
    systemLookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const refused = addresses.find(({ address }) => !isReachable(address, isAllowed))
      if (refused) return done(new Error(`the webhook's host has an address that may not be reached`), '')
      const [first] = addresses
      return options.all ? done(null, addresses) : done(null, first?.address ?? '', first?.family)
    })
  }
}
