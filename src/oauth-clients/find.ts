import { findSecrets, type SecretRow } from '../credentials/secrets.ts'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { type OauthClient, oauthClientFromRow } from './oauth-client.ts'
import { findOauthClientRow, lockOauthClientRow } from './store.ts'

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

/** Makes whoever would change or delete this client wait until the transaction ends; false when there is none. */
export const lockOauthClient = (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  lockOauthClientRow(tx, tenantId, id)

/** The refusal of a client that the tenant does not have. */
export const clientNotFound = (id: string): DomainError => new DomainError('not_found', `There is no API client ${id}.`)
