import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { type CredentialKey, deleteCredentialRow } from './credential-store.ts'
import { markCredentialDeleted } from './deletions.ts'
import { retireSecrets } from './secrets.ts'

/**
 * Deletes a credential within the caller's transaction, ends its secrets, and cuts off the tokens that it minted. Its
 * id stays taken for ever. False when the tenant has no such credential.
 */
export async function deleteCredential(tx: Tx, ctx: RequestContext, { kind, id }: CredentialKey): Promise<boolean> {
  const { tenantId, nowMs } = ctx
  if (!(await deleteCredentialRow(tx, tenantId, { kind, id }))) return false
  await retireSecrets(tx, tenantId, id, nowMs)
  await markCredentialDeleted(tx, tenantId, id, nowMs)
  await recordAudit(tx, ctx, { action: `${kind}.deleted`, targetKind: kind, targetId: id })
  await appendChange(tx, ctx, { kind: 'client', subject: id, isCutOff: true })
  return true
}
