import type { KeyObject } from 'node:crypto'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { digestSecret } from './secret.ts'
import { findSecrets, insertSecret, retireSecrets, reviveSecret } from './secrets.ts'

export interface WantedSecret {
  credentialId: string
  secret: string
  /** Keys the digest. */
  key: KeyObject
  /** Bring it back even if it was retired. */
  mayRevive: boolean
}

/**
 * Makes a secret the one that proves a credential, within the caller's transaction: a new one replaces those before,
 * a live one stays. Answers `retired` and changes nothing when it was retired before and may not be revived.
 */
export async function ensureSecret(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { credentialId, secret, key, mayRevive }: WantedSecret,
): Promise<'live' | 'replaced' | 'retired'> {
  const digest = digestSecret(key, secret)
  const known = (await findSecrets(tx, tenantId, credentialId)).find((row) => row.digest.equals(digest))
  if (known && (known.retired_at === null || known.retired_at > nowMs)) return 'live'
  if (known && !mayRevive) return 'retired'
  await retireSecrets(tx, tenantId, credentialId, nowMs)
  if (known) await reviveSecret(tx, tenantId, { credentialId, digest })
  else await insertSecret(tx, tenantId, { credentialId, digest, nowMs })
  return 'replaced'
}
