import type { Database, Tx } from '../database/schema.ts'

interface Key {
  identityId: string
  clientId: string
}

/** The scopes that an identity let a client have; none when it was never asked. */
export async function findConsentedScope(
  db: Database,
  tenantId: string,
  { identityId, clientId }: Key,
): Promise<readonly string[]> {
  const row = await db
    .selectFrom('consent')
    .select('scope')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  return row ? (JSON.parse(row.scope) as string[]) : [] // as `saveConsentedScope` wrote it
}

/** Remembers a consent in place of the one before. */
export async function saveConsentedScope(
  tx: Tx,
  tenantId: string,
  { identityId, clientId, scope, nowMs }: Key & { scope: readonly string[]; nowMs: number },
): Promise<void> {
  const given = { scope: JSON.stringify(scope), granted_at: nowMs }
  await tx
    .insertInto('consent')
    .values({ tenant_id: tenantId, identity_id: identityId, client_id: clientId, ...given })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'identity_id', 'client_id']).doUpdateSet(given))
    .execute()
}
