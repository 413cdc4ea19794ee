import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database } from '../database/schema.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { listShadows } from './shadow-store.ts'

/** The shadow scopes of a tenant, by client id. */
export type ShadowsOfTenant = ReadonlyMap<string, readonly string[]>

const TENANTS_MAX = 1000
const ALL = 'shadow scopes'

/** Which credentials have a shadow scope, remembered until a credential of the tenant changes. */
export class ShadowScopes {
  readonly #known: ChangeCache<ShadowsOfTenant>

  constructor(changes: ChangeLog) {
    this.#known = new ChangeCache(changes, ['client'], TENANTS_MAX, () => ALL)
  }

  /** What is remembered, without asking the database. */
  peek(tenantId: string): ShadowsOfTenant | undefined {
    return this.#known.peek(tenantId, ALL)
  }

  async find(db: Database, tenantId: string): Promise<ShadowsOfTenant> {
    const shadows = await this.#known.get(tenantId, ALL, async () => {
      const rows = await listShadows(db, tenantId)
      return new Map(rows.map(({ credential_id, scope }) => [credential_id, fromStoredJson<string[]>(scope)]))
    })
    return shadows ?? new Map()
  }
}
