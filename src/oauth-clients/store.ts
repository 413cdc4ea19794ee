import type { Database, OauthClientRow, Tx } from '../database/schema.ts'

const columns = [
  'tenant_id',
  'id',
  'name',
  'description',
  'business_name',
  'homepage_url',
  'type',
  'grant_types',
  'redirect_uris',
  'scope',
  'access_token_validity_seconds',
  'refresh_token_validity_seconds',
  'access_type',
  'pkce_required',
  'strong_auth_supported',
  'claims_supported',
  'internal',
  'enabled',
  'created_at',
  'modified_at',
] as const

export function findOauthClientRow(db: Database, tenantId: string, id: string): Promise<OauthClientRow | undefined> {
  return db
    .selectFrom('oauth_client')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** False when the tenant has a client of this id already. */
export async function insertOauthClientRow(tx: Tx, row: OauthClientRow): Promise<boolean> {
  const result = await tx
    .insertInto('oauth_client')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** False when the tenant has no such client. */
export async function updateOauthClientRow(
  tx: Tx,
  tenantId: string,
  id: string,
  values: Partial<Omit<OauthClientRow, 'tenant_id' | 'id'>>,
): Promise<boolean> {
  const result = await tx
    .updateTable('oauth_client')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The redirect URIs of every enabled PUBLIC client. */
export async function findPublicRedirectUris(db: Database, tenantId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('oauth_client')
    .select('redirect_uris')
    .where('tenant_id', '=', tenantId)
    .where('type', '=', 'PUBLIC')
    .where('enabled', '=', 1)
    .execute()
  return rows.flatMap(({ redirect_uris }) => JSON.parse(redirect_uris) as string[])
}

/** Clients with their last use, as lists tell of them. */
export function describedClients(db: Database, tenantId: string) {
  return db
    .selectFrom('oauth_client as client')
    .leftJoin('credential_use as use', (join) =>
      join
        .onRef('use.tenant_id', '=', 'client.tenant_id')
        .onRef('use.credential_id', '=', 'client.id')
        .on('use.secret_id', '=', ''),
    )
    .select(columns.map((column) => `client.${column}` as const))
    .select('use.daily_at as last_used_at')
    .where('client.tenant_id', '=', tenantId)
}

/** Makes whoever would change this client wait until the transaction ends; false when there is none. Changes nothing. */
export async function lockOauthClientRow(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const result = await tx
    .updateTable('oauth_client')
    .set((eb) => ({ modified_at: eb.ref('modified_at') }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
