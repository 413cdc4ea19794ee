import { recordAudit } from '../../audit/record.ts'
import { appendChange } from '../../change-log/change.ts'
import { findSecrets, retireSecret } from '../../credentials/secrets.ts'
import { writeTransaction } from '../../database/write-transaction.ts'
import { DomainError } from '../../errors.ts'
import type { Credential } from '../../inventory/credential.ts'
import type { RequestContext } from '../../request-context.ts'
import { lockCredential, targetKindOf } from './secret.ts'

/** Which secret ends, and whether somebody else may know it. */
export interface Retirement {
  readonly credential: Credential
  readonly secretId: string
  /** Then the live tokens of the credential die too: nothing tells which of them the thief obtained. */
  readonly isCompromised: boolean
}

/**
 * Ends a secret at once. Tokens that it obtained run out by themselves, unless it is compromised; that can be said of a
 * secret that has ended, too.
 * @throws DomainError `not_found`, or `conflict` when it has ended already.
 */
export async function retireCredentialSecret(
  ctx: RequestContext,
  { credential, secretId, isCompromised }: Retirement,
): Promise<void> {
  const { tenantId, nowMs } = ctx
  await writeTransaction(ctx.db, async (tx) => {
    await lockCredential(tx, tenantId, credential)
    const secrets = await findSecrets(tx, tenantId, credential.id)
    if (!secrets.some(({ id }) => id === secretId))
      throw new DomainError('not_found', `The credential ${credential.id} has no secret ${secretId}.`)
    const hasEnded = await retireSecret(tx, tenantId, { credentialId: credential.id, secretId, nowMs })
    if (!hasEnded && !isCompromised) throw new DomainError('conflict', `The secret ${secretId} has ended already.`)
    const kind = targetKindOf(credential)
    const details = { secretId, isCompromised }
    await recordAudit(tx, ctx, { action: `${kind}.secret_retired`, targetKind: kind, targetId: credential.id, details })
    await appendChange(tx, ctx, { kind: 'client', subject: credential.id, isCutOff: isCompromised })
  })
}
