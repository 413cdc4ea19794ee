import { deleteCredential } from '../credentials/delete.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { clientNotFound } from './find.ts'

/**
 * Deletes a client and cuts off its tokens. Its id stays taken for ever.
 * @throws DomainError `not_found`.
 */
export async function removeOauthClient(ctx: RequestContext, id: string): Promise<void> {
  await writeTransaction(ctx.db, async (tx) => {
    if (!(await deleteCredential(tx, ctx, { kind: 'oauth_client', id }))) throw clientNotFound(id)
  })
}
