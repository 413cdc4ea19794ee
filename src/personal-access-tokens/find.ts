import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import { findSecrets, type SecretRow } from '../credentials/secrets.ts'
import type { Database, Tx } from '../database/schema.ts'
import { type PersonalAccessToken, personalAccessTokenFromRow } from './personal-access-token.ts'
import { findPersonalAccessTokenRow, lockPersonalAccessTokenRow } from './store.ts'

/** A personal access token with what proves it. */
export interface KnownPersonalAccessToken {
  readonly token: PersonalAccessToken
  readonly secrets: readonly SecretRow[]
}

const TOKENS_MAX = 50_000

/** Personal access tokens by id, remembered until the change log says otherwise. */
export class PersonalAccessTokens {
  readonly #known: ChangeCache<KnownPersonalAccessToken>

  constructor(changes: ChangeLog) {
    this.#known = new ChangeCache(changes, ['client'], TOKENS_MAX)
  }

  /** What is remembered of a token, without asking the database. */
  peek(tenantId: string, id: string): KnownPersonalAccessToken | undefined {
    return this.#known.peek(tenantId, id)
  }

  find(db: Database, tenantId: string, id: string): Promise<KnownPersonalAccessToken | undefined> {
    return this.#known.get(tenantId, id, () => readPersonalAccessToken(db, tenantId, id))
  }
}

/** Reads a personal access token afresh, past anything remembered. */
export async function readPersonalAccessToken(
  db: Database,
  tenantId: string,
  id: string,
): Promise<KnownPersonalAccessToken | undefined> {
  const row = await findPersonalAccessTokenRow(db, tenantId, id)
  return row && { token: personalAccessTokenFromRow(row), secrets: await findSecrets(db, tenantId, id) }
}

/** Makes whoever would change or delete this token wait until the transaction ends; false when there is none. */
export const lockPersonalAccessToken = (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  lockPersonalAccessTokenRow(tx, tenantId, id)
