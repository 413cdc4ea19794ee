import type { KeyObject } from 'node:crypto'
import { scopePassedOn } from '../../access/passing-on.ts'
import type { Principal } from '../../access/policy.ts'
import { recordAudit } from '../../audit/record.ts'
import { appendChange } from '../../change-log/change.ts'
import { digestSecret, newSecret } from '../../credentials/secret.ts'
import { findSecrets, insertSecret, retireSecrets, type SecretRow } from '../../credentials/secrets.ts'
import { writeTransaction } from '../../database/write-transaction.ts'
import { DomainError } from '../../errors.ts'
import type { Credential } from '../../inventory/credential.ts'
import type { RequestContext } from '../../request-context.ts'
import { lockCredential, targetKindOf } from './secret.ts'

/** Old and new; a third would be one that nobody keeps track of. */
const LIVE_MAX = 2

/** Which credential gets a new secret, and how long the one before goes on working. */
export interface Rotation {
  readonly credential: Credential
  readonly caller: Principal
  readonly overlapSeconds: number
  readonly secretsKey: KeyObject
}

/** The new secret, told this once, and until when the ones before it work. */
export interface RotatedSecret {
  readonly clientId: string
  readonly secretId: string
  readonly secret: string
  readonly createdAt: string
  readonly previousRetiresAt: string | null
}

/**
 * Gives a credential a new secret; the one before goes on for the overlap. Whoever rotates learns a secret, so the
 * scope of the credential must lie within that of the calling token.
 * @throws DomainError `beyond_token`, `limit_exceeded` while two secrets are live, `invalid` for a PUBLIC client.
 */
export async function rotateSecret(ctx: RequestContext, rotation: Rotation): Promise<RotatedSecret> {
  const { credential, caller, overlapSeconds, secretsKey } = rotation
  const { tenantId, nowMs } = ctx
  scopePassedOn(caller, credential.scope)
  if (credential.isPublic) throw new DomainError('invalid', 'A PUBLIC client has no secret, so none can be rotated.')
  const secret = newSecret()
  const retiresAtMs = nowMs + overlapSeconds * 1000
  return writeTransaction(ctx.db, async (tx) => {
    await lockCredential(tx, tenantId, credential)
    const before = liveAmong(await findSecrets(tx, tenantId, credential.id), nowMs)
    if (overlapSeconds > 0 && before.length >= LIVE_MAX)
      throw new DomainError('limit_exceeded', 'Two secrets are live already. Retire one of them first.')
    await retireSecrets(tx, tenantId, credential.id, retiresAtMs)
    const digest = digestSecret(secretsKey, secret)
    const secretId = await insertSecret(tx, tenantId, { credentialId: credential.id, digest, nowMs })
    const kind = targetKindOf(credential)
    const details = { secretId, previous: before.map(({ id }) => id), overlapSeconds }
    await recordAudit(tx, ctx, { action: `${kind}.secret_rotated`, targetKind: kind, targetId: credential.id, details })
    await appendChange(tx, ctx, { kind: 'client', subject: credential.id })
    return {
      clientId: credential.id,
      secretId,
      secret,
      createdAt: new Date(nowMs).toISOString(),
      previousRetiresAt: before.length === 0 ? null : new Date(retiresAtMs).toISOString(),
    }
  })
}

const liveAmong = (secrets: readonly SecretRow[], nowMs: number): SecretRow[] =>
  secrets.filter(({ retired_at }) => retired_at === null || retired_at > nowMs)
