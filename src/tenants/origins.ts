import type { Tenant } from './tenant.ts'

/** What a host name is for: `all` where one host plays every role. */
export type HostRole = 'api' | 'login' | 'console' | 'all'

/** How the outside world reaches this installation. */
export interface PublicAddress {
  scheme: 'http' | 'https'
  /** Host name and, unless it is the scheme's own, the port: `localhost:8080`, `iam.example.com`. */
  domain: string
}

/** The canonical addresses of one tenant: what tokens, metadata and `/oauth/info` say, whatever host was called. */
export interface TenantOrigins {
  api: string
  login: string
  console: string
}

/** First labels that can be no tenant's name. */
export const RESERVED_NAMES: readonly string[] = ['api', 'login', 'www']

/** The default tenant of a local install lives on the bare domain, every role on one origin. */
export function originsOf(tenant: Tenant, { scheme, domain }: PublicAddress): TenantOrigins {
  const known = remembered.get(tenant)
  if (known?.scheme === scheme && known.domain === domain) return known.origins
  const origins = makeOrigins(tenant, { scheme, domain })
  remembered.set(tenant, { scheme, domain, origins })
  return origins
}

/** Made once for each tenant object, which never changes, and anew should the address change. */
const remembered = new WeakMap<Tenant, PublicAddress & { origins: TenantOrigins }>()

function makeOrigins(tenant: Tenant, { scheme, domain }: PublicAddress): TenantOrigins {
  if (tenant.isDefault && isLocal(domain)) {
    const origin = `${scheme}://${domain}`
    return { api: origin, login: origin, console: tenant.vanityDomain ? `${scheme}://${tenant.vanityDomain}` : origin }
  }
  return {
    api: `${scheme}://${tenant.name}.api.${domain}`,
    login: `${scheme}://${tenant.name}.login.${domain}`,
    console: `${scheme}://${tenant.vanityDomain ?? `${tenant.name}.${domain}`}`,
  }
}

/** Every origin that a tenant's console is served on: by name, on its vanity domain, on the bare domain. */
export function consoleOriginsOf(tenant: Tenant, { scheme, domain }: PublicAddress): string[] {
  const hosts = [`${tenant.name}.${domain}`, ...(tenant.vanityDomain === null ? [] : [tenant.vanityDomain])]
  return [...hosts, ...(tenant.isDefault ? [domain] : [])].map((host) => `${scheme}://${host}`)
}

/** True for `localhost` and names under it, whatever the port. */
export const isLocal = (domain: string): boolean => /(^|\.)localhost(:\d+)?$/.test(domain)
