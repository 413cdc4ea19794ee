import { LRUCache } from 'lru-cache'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database } from '../database/schema.ts'
import { findPublicRedirectUris } from './store.ts'

const TENANTS_MAX = 1000

/** The web origins that a tenant's PUBLIC clients redirect to: their pages may call the API from a browser. */
export class PublicOrigins {
  readonly #origins: LRUCache<string, ReadonlySet<string>>

  constructor(changes: ChangeLog) {
    this.#origins = new LRUCache({ max: TENANTS_MAX })
    changes.onChange((change) => {
      if (change === null) this.#origins.clear()
      else if (change.kind === 'client') this.#origins.delete(change.tenant_id)
    })
  }

  async find(db: Database, tenantId: string): Promise<ReadonlySet<string>> {
    const known = this.#origins.get(tenantId)
    if (known) return known
    const uris = await findPublicRedirectUris(db, tenantId)
    const origins = new Set(uris.map((uri) => new URL(uri).origin).filter((origin) => origin !== 'null'))
    this.#origins.set(tenantId, origins)
    return origins
  }
}
