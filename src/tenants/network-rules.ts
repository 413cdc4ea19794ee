import { networkMatcher } from '../config/networks.ts'
import type { TenantSettings } from './settings.ts'

type NetworkSettings = TenantSettings['network']

/**
 * True when a tenant's network rule lets this address in: the listed ranges alone when the list is an allow list,
 * everything but them when it is a block list. No list lets everybody in.
 */
export function isNetworkAllowed(network: NetworkSettings, address: string): boolean {
  if (network.range.length === 0) return true
  return matcherOf(network)(address) === network.whitelisted
}

type Matcher = (address: string) => boolean

/** Compiled once for each settings object, which never changes. */
const compiled = new WeakMap<NetworkSettings, Matcher>()

function matcherOf(network: NetworkSettings): Matcher {
  let matcher = compiled.get(network)
  if (!matcher) compiled.set(network, (matcher = networkMatcher(network.range)))
  return matcher
}
