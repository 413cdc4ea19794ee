import { problemWithNetwork } from '../config/networks.ts'
import { DomainError } from '../errors.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import type { TenantSettings } from '../tenants/settings.ts'
import { requireValid } from './require-valid.ts'
import { Settings } from './schemas.ts'

/**
 * Holds settings against what each may be, and against each other.
 * @throws DomainError `illegal_value` that says which does not hold.
 */
export function requireSound(settings: TenantSettings): void {
  requireValid(Settings, settings)
  const { session, network } = settings
  if (session.maxSessionTime <= session.maxIdleTime)
    throw new DomainError('illegal_value', 'maxSessionTime must be more than maxIdleTime.')
  for (const range of network.range) {
    const problem = problemWithNetwork(range)
    if (problem !== undefined) throw new DomainError('illegal_value', `range: ${range} ${problem}.`)
  }
  if (network.geolocation.length > 0)
    throw new DomainError(
      'illegal_value',
      'geolocation needs a GeoIP file to tell countries by, and this server has none. Leave the list empty.',
    )
}

/** @throws DomainError `illegal_value` where a rule would keep its own author out. */
export function requireRoomFor(address: string, network: TenantSettings['network']): void {
  if (isNetworkAllowed(network, address)) return
  throw new DomainError(
    'illegal_value',
    `This rule would keep you out: you come from ${address || 'an unknown address'}. Add ?force=true if you mean it.`,
  )
}
