import type { Database, Tx } from '../database/schema.ts'

export interface ShadowRow {
  credential_id: string
  scope: string
  started_at: number
}

/** The narrower scopes that credentials of a tenant have on trial. */
export function listShadows(db: Database, tenantId: string): Promise<ShadowRow[]> {
  return db
    .selectFrom('shadow_scope')
    .select(['credential_id', 'scope', 'started_at'])
    .where('tenant_id', '=', tenantId)
    .execute()
}

export function findShadow(db: Database, tenantId: string, credentialId: string): Promise<ShadowRow | undefined> {
  return db
    .selectFrom('shadow_scope')
    .select(['credential_id', 'scope', 'started_at'])
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
}

/** Sets a credential's shadow scope, in place of one that it has, and forgets what that one would have refused. */
export async function putShadow(tx: Tx, tenantId: string, row: ShadowRow): Promise<void> {
  await forgetRefusals(tx, tenantId, row.credential_id)
  const { scope, started_at } = row
  await tx
    .insertInto('shadow_scope')
    .values({ tenant_id: tenantId, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'credential_id']).doUpdateSet({ scope, started_at }))
    .execute()
}

/** Takes a shadow scope away, if it is still this one; of two that would, one does. */
export async function takeShadow(tx: Tx, tenantId: string, { credential_id, scope }: ShadowRow): Promise<boolean> {
  const result = await tx
    .deleteFrom('shadow_scope')
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credential_id)
    .where('scope', '=', scope)
    .executeTakeFirst()
  if (result.numDeletedRows === 0n) return false
  await forgetRefusals(tx, tenantId, credential_id)
  return true
}

async function forgetRefusals(tx: Tx, tenantId: string, credentialId: string): Promise<void> {
  await tx
    .deleteFrom('usage_count')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'shadow')
    .where('client_id', '=', credentialId)
    .execute()
}
