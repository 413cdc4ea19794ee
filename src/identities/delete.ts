import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { endHandedOverSecrets } from './handed-over.ts'
import { deleteIdentityRow } from './list-store.ts'

/**
 * Deletes an identity and its levels within the caller's transaction, and cuts off every token it holds. What else hangs
 * on it is for the caller to remove. @throws DomainError `not_found`.
 */
export async function deleteIdentity(tx: Tx, ctx: RequestContext, id: string): Promise<void> {
  if (!(await deleteIdentityRow(tx, ctx.tenantId, id)))
    throw new DomainError('not_found', `There is no identity ${id}.`)
  await recordAudit(tx, ctx, { action: 'identity.deleted', targetKind: 'identity', targetId: id })
  await endHandedOverSecrets(tx, ctx, id)
  await appendChange(tx, ctx, { kind: 'identity', subject: id, isCutOff: true })
}
