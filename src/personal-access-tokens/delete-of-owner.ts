import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { deletePersonalAccessToken } from './manage.ts'
import { findTokenIdsOfOwner } from './owner-store.ts'

/** Deletes every personal access token of an identity, within the caller's transaction. */
export async function deleteTokensOfOwner(tx: Tx, ctx: RequestContext, ownerId: string): Promise<void> {
  for (const id of await findTokenIdsOfOwner(tx, ctx.tenantId, ownerId)) await deletePersonalAccessToken(tx, ctx, id)
}
