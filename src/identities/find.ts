import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database, IdentityRow } from '../database/schema.ts'
import type { Identity } from './identity.ts'
import { findIdentityRow, findIdentityRowByAlias, findUserLevels } from './store.ts'

const IDENTITIES_MAX = 20_000

/** Identities by id, with the levels they hold now, remembered until the change log says otherwise. */
export class Identities {
  readonly #known: ChangeCache<Identity>

  constructor(changes: ChangeLog) {
    this.#known = new ChangeCache(changes, ['identity'], IDENTITIES_MAX)
  }

  /** What is remembered of an identity, without asking the database. */
  peek(tenantId: string, id: string): Identity | undefined {
    return this.#known.peek(tenantId, id)
  }

  find(db: Database, tenantId: string, id: string): Promise<Identity | undefined> {
    return this.#known.get(tenantId, id, async () => {
      const row = await findIdentityRow(db, tenantId, id)
      return row && identityFromRow(row, await findUserLevels(db, tenantId, id))
    })
  }
}

export const identityFromRow = (row: IdentityRow, userLevels: readonly string[]): Identity => ({
  id: row.id,
  userNumber: row.user_number,
  alias: row.alias,
  displayName: row.display_name,
  email: row.email,
  kind: row.kind,
  isEnabled: row.enabled === 1,
  userLevels,
})

/** The id of the identity with this sign-in name, if there is one. */
export async function findIdentityIdByAlias(
  db: Database,
  tenantId: string,
  alias: string,
): Promise<string | undefined> {
  return (await findIdentityRowByAlias(db, tenantId, alias))?.id
}
