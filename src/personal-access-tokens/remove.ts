import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { describePersonalAccessToken } from './list.ts'
import { deletePersonalAccessToken } from './manage.ts'
import { requireTouchable, type TokenCaller, tokenNotFound } from './own.ts'

/**
 * Deletes a token that the caller may touch, and ends what it minted.
 * @throws DomainError `not_found`, `resource_denied`.
 */
export async function removePersonalAccessToken(
  ctx: RequestContext,
  { id, ...by }: TokenCaller & { id: string },
): Promise<void> {
  await writeTransaction(ctx.db, async (tx) => {
    const token = await describePersonalAccessToken(tx, ctx.tenantId, id)
    if (!token) throw tokenNotFound(id)
    await requireTouchable(tx, ctx.tenantId, token, by)
    await deletePersonalAccessToken(tx, ctx, id)
  })
}
