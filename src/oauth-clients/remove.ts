import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { markCredentialDeleted } from '../credentials/deletions.ts'
import { retireSecrets } from '../credentials/secrets.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { clientNotFound } from './find.ts'
import { deleteOauthClientRow } from './store.ts'

/**
 * Deletes a client and cuts off its tokens. Its id stays taken for ever.
 * @throws DomainError `not_found`.
 */
export async function removeOauthClient(ctx: RequestContext, id: string): Promise<void> {
  const { db, tenantId, nowMs } = ctx
  await writeTransaction(db, async (tx) => {
    if (!(await deleteOauthClientRow(tx, tenantId, id))) throw clientNotFound(id)
    await retireSecrets(tx, tenantId, id, nowMs)
    await markCredentialDeleted(tx, tenantId, id, nowMs)
    await recordAudit(tx, ctx, { action: 'oauth_client.deleted', targetKind: 'oauth_client', targetId: id })
    await appendChange(tx, ctx, { kind: 'client', subject: id, isCutOff: true })
  })
}
