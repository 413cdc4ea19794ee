import { BlockList, isIPv4, isIPv6 } from 'node:net'

interface Network {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

// IPv4-mapped IPv6 addresses (RFC 4291 §2.5.5.2): a list reads a mapped peer as IPv4, so no IPv6 entry may cover them.
const MAPPED: Network = { address: '::ffff:0:0', prefix: 96, family: 'ipv6' }

/** What is wrong with a CIDR such as `10.0.0.0/8`, as the rest of a sentence; undefined when nothing is. */
export function problemWithNetwork(cidr: string): string | undefined {
  const network = parseNetwork(cidr)
  if (network === undefined) return 'is not a network; give an address or a CIDR such as 10.0.0.0/8 or fd00::/8'
  if (overlapsMapped(network))
    return 'covers IPv4 addresses written as IPv6; write the network as IPv4, such as 10.0.0.0/8'
  return undefined
}

/** The same for a network whose forwarded headers count: the whole internet is not one. */
export function problemWithTrustedNetwork(cidr: string): string | undefined {
  if (parseNetwork(cidr)?.prefix === 0) return 'would trust every address; name the networks of your proxies'
  return problemWithNetwork(cidr)
}

/**
 * Answers whether an address lies in one of the networks; a peer seen as `::ffff:10.0.0.1` counts as 10.0.0.1.
 * Entries that `problemWithNetwork` objects to are left out, and anything that is no address is outside.
 */
export function networkMatcher(cidrs: readonly string[]): (address: string) => boolean {
  const sound = cidrs.filter((cidr) => problemWithNetwork(cidr) === undefined)
  const list = listOf(sound.map(parseNetwork).filter((network) => network !== undefined))
  return (address) => {
    if (isIPv4(address)) return list.check(address, 'ipv4')
    return isIPv6(address) && list.check(address, 'ipv6')
  }
}

function parseNetwork(cidr: string): Network | undefined {
  const [, address, digits] = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(cidr) ?? []
  if (address === undefined) return undefined
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  if (family === 'ipv6' && !isIPv6(address)) return undefined
  const bits = family === 'ipv4' ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  return prefix <= bits ? { address, prefix, family } : undefined
}

function overlapsMapped(network: Network): boolean {
  if (network.family === 'ipv4') return false
  return listOf([MAPPED]).check(network.address, 'ipv6') || listOf([network]).check(MAPPED.address, 'ipv6')
}

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family)
  return list
}
