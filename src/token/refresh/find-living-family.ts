import type { RefreshFamilyRow } from '../../database/schema.ts'
import type { RequestContext } from '../../request-context.ts'
import { isCutOff } from '../is-cut-off.ts'
import { findFamily } from './store.ts'

/** A family of tokens while it lives: neither ended nor expired, and nothing cut it off since its latest rotation. */
export async function findLivingFamily(ctx: RequestContext, id: string): Promise<RefreshFamilyRow | undefined> {
  const row = await findFamily(ctx.db, ctx.tenantId, id)
  if (!row || row.revoked_at !== null || row.expires_at <= ctx.nowMs) return undefined
  const { client_id: clientId, identity_id: identityId, issued_position: position } = row
  return (await isCutOff(ctx, { clientId, identityId, position })) ? undefined : row
}
