import { boundedCache } from '../bounded-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Directory } from '../database/schema.ts'
import type { HostRole, PublicAddress } from './origins.ts'
import { findOnlyTenantRow, findTenantRow, type TenantNames } from './store.ts'
import { type Tenant, tenantFromRow } from './tenant.ts'

/** What a `Host` header stands for. */
export interface Site {
  readonly tenant: Tenant
  readonly role: HostRole
}

/** A tenant as a host names it, and what the host is for. */
interface Named {
  readonly role: HostRole
  readonly by: TenantNames
}

const HOSTS_MAX = 20_000

/** Which tenant answers on which host. What it learned is dropped when the change log says that a tenant changed. */
export class TenantDirectory {
  readonly #directory: Directory
  /** How many changes of tenants came in, so that a reading can tell whether one did meanwhile. */
  #changesSeen = 0
  readonly #address: () => PublicAddress
  readonly #sites = boundedCache<string, Site>(HOSTS_MAX)

  constructor(directory: Directory, changes: ChangeLog, address: () => PublicAddress) {
    this.#directory = directory
    this.#address = address
    changes.onChange((change) => {
      if (change !== null && change.kind !== 'tenant') return
      this.#changesSeen += 1
      this.#sites.clear()
    })
  }

  get address(): PublicAddress {
    return this.#address()
  }

  /** What is remembered of a host, without asking the database. `host` is the header as sent. */
  peek(host: string): Site | undefined {
    return this.#sites.get(host)
  }

  /** The tenant and role of a host; undefined when it is none of ours. */
  async resolve(host: string): Promise<Site | undefined> {
    const known = this.#sites.get(host)
    if (known) return known
    const before = this.#changesSeen
    const site = await this.#read(host.toLowerCase())
    if (site && this.#changesSeen === before) this.#sites.set(host, site)
    return site
  }

  /** The tenant of the bare domain, read anew. */
  async findDefault(): Promise<Tenant | undefined> {
    return (await this.#readNamed({ role: 'all', by: { isDefault: true } }))?.tenant
  }

  async #read(host: string): Promise<Site | undefined> {
    const named = this.#nameOf(host)
    return named && this.#readNamed(named)
  }

  async #readNamed({ role, by }: Named): Promise<Site | undefined> {
    const row = await findTenantRow(this.#directory, by)
    if (!row && !('isDefault' in by)) return undefined
    // The only tenant there is need not be called the default one.
    const only = await findOnlyTenantRow(this.#directory)
    if (only) return { tenant: { ...tenantFromRow(only), isDefault: true }, role }
    return row && { tenant: tenantFromRow(row), role }
  }

  #nameOf(host: string): Named | undefined {
    const { domain, scheme } = this.#address()
    const named = host.replace(scheme === 'https' ? /:443$/ : /:80$/, '')
    if (named !== host) return this.#nameOf(named)
    if (host === domain) return { role: 'all', by: { isDefault: true } }
    if (!host.endsWith(`.${domain}`)) return { role: 'console', by: { vanityDomain: host } }
    const [name, role, ...rest] = host.slice(0, -domain.length - 1).split('.')
    if (!name || rest.length > 0 || (role !== undefined && role !== 'api' && role !== 'login')) return undefined
    return { role: role ?? 'console', by: { name } }
  }
}
