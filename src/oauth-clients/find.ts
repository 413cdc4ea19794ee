import { findSecrets, type SecretRow } from '../credentials/secrets.ts'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database } from '../database/schema.ts'
import { type OauthClient, oauthClientFromRow } from './oauth-client.ts'
import { findOauthClientRow } from './store.ts'

/** A client with what proves it. */
export interface KnownOauthClient {
  readonly client: OauthClient
  readonly secrets: readonly SecretRow[]
}

const CLIENTS_MAX = 20_000

/** Clients by id, remembered until the change log says otherwise. */
export class OauthClients {
  readonly #known: ChangeCache<KnownOauthClient>

  constructor(changes: ChangeLog) {
    this.#known = new ChangeCache(changes, ['client'], CLIENTS_MAX)
  }

  /** What is remembered of a client, without asking the database. */
  peek(tenantId: string, id: string): KnownOauthClient | undefined {
    return this.#known.peek(tenantId, id)
  }

  find(db: Database, tenantId: string, id: string): Promise<KnownOauthClient | undefined> {
    return this.#known.get(tenantId, id, () => readOauthClient(db, tenantId, id))
  }
}

/** Reads a client afresh, past anything remembered. */
export async function readOauthClient(
  db: Database,
  tenantId: string,
  id: string,
): Promise<KnownOauthClient | undefined> {
  const row = await findOauthClientRow(db, tenantId, id)
  return row && { client: oauthClientFromRow(row), secrets: await findSecrets(db, tenantId, id) }
}
