import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database, IdentityRow, Tx } from '../database/schema.ts'
import type { Identity } from './identity.ts'
import { findIdentityRow, findIdentityRowByAlias, findUserLevels, lockIdentityRow } from './store.ts'

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

/** The user levels that an identity holds, read afresh, past anything remembered. */
export const readUserLevels = (db: Database, tenantId: string, id: string): Promise<string[]> =>
  findUserLevels(db, tenantId, id)

/** The id of the identity with this sign-in name, if there is one. */
export async function findIdentityIdByAlias(
  db: Database,
  tenantId: string,
  alias: string,
): Promise<string | undefined> {
  return (await findIdentityRowByAlias(db, tenantId, alias))?.id
}

/** What decides whether somebody may sign in by password: read afresh, past anything remembered. */
export interface SignInFacts {
  readonly id: string
  readonly alias: string
  readonly displayName: string
  readonly email: string | null
  readonly isPerson: boolean
  readonly isEnabled: boolean
  /** An argon2id PHC string; null for whoever has no password. */
  readonly passwordHash: string | null
}

/** The facts about one identity, found by its sign-in name or its id. */
export async function findSignInFacts(
  db: Database,
  tenantId: string,
  by: { alias: string } | { id: string },
): Promise<SignInFacts | undefined> {
  const row =
    'alias' in by ? await findIdentityRowByAlias(db, tenantId, by.alias) : await findIdentityRow(db, tenantId, by.id)
  return row && signInFactsFromRow(row)
}

/** The facts as they stay until the transaction ends: whoever would change the identity waits. */
export async function lockSignInFacts(tx: Tx, tenantId: string, id: string): Promise<SignInFacts | undefined> {
  await lockIdentityRow(tx, tenantId, id)
  return findSignInFacts(tx, tenantId, { id })
}

const signInFactsFromRow = (row: IdentityRow): SignInFacts => ({
  id: row.id,
  alias: row.alias,
  displayName: row.display_name,
  email: row.email,
  isPerson: row.kind === 'HUMAN',
  isEnabled: row.enabled === 1,
  passwordHash: row.password_hash,
})
