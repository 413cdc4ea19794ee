import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database } from '../database/schema.ts'
import { findPublicRedirectUris } from './store.ts'

const TENANTS_MAX = 1000
const ALL = 'public origins'

/** The web origins that a tenant's PUBLIC clients redirect to: their pages may call the API from a browser. */
export class PublicOrigins {
  readonly #origins: ChangeCache<ReadonlySet<string>>

  constructor(changes: ChangeLog) {
    this.#origins = new ChangeCache(changes, ['client'], TENANTS_MAX, () => ALL)
  }

  async find(db: Database, tenantId: string): Promise<ReadonlySet<string>> {
    const origins = await this.#origins.get(tenantId, ALL, () => readOrigins(db, tenantId))
    return origins ?? new Set()
  }
}

async function readOrigins(db: Database, tenantId: string): Promise<ReadonlySet<string>> {
  const uris = await findPublicRedirectUris(db, tenantId)
  // A custom scheme has no origin that a page could have.
  return new Set(uris.map((uri) => URL.parse(uri)?.origin ?? 'null').filter((origin) => origin !== 'null'))
}
