import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { findEpoch, updateTenantRow } from './store.ts'

const EPOCH_MAX = 255

/**
 * Ends every token and session of a tenant after its database was restored, within the caller's transaction. A restored
 * change log is behind: by its positions alone, what was issued or revoked since the backup could not be told apart.
 * @throws DomainError `not_found`, or `limit_exceeded` when it was done 255 times.
 */
export async function raiseEpoch(tx: Tx, ctx: RequestContext): Promise<number> {
  const epoch = await findEpoch(tx, ctx.tenantId)
  if (epoch === undefined) throw new DomainError('not_found', 'There is no such tenant.')
  if (epoch >= EPOCH_MAX) throw new DomainError('limit_exceeded', 'The epoch of the tenant cannot be raised further.')
  await updateTenantRow(tx, ctx.tenantId, { epoch: epoch + 1, modified_at: ctx.nowMs })
  await recordAudit(tx, ctx, {
    action: 'tenant.restored',
    targetKind: 'tenant',
    targetId: ctx.tenantId,
    details: { epoch: epoch + 1 },
  })
  await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId, isCutOff: true })
  return epoch + 1
}
