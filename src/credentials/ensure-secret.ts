import type { KeyObject } from 'node:crypto'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { digestSecret } from './secret.ts'
import { findSecrets, insertSecret, retireSecrets, reviveSecret } from './secrets.ts'

/** A secret that shall prove a credential. */
export interface WantedSecret {
  credentialId: string
  secret: string
  /** Keys the digest. */
  key: KeyObject
  /** Bring it back even if it was retired. */
  mayRevive: boolean
}

/** Where a secret stands: it was live, is live now in place of others, is live again, or was retired and stays so. */
export type SecretStanding = 'live' | 'replaced' | 'revived' | 'retired'

/**
 * Makes a secret the one that proves a credential, within the caller's transaction: a new one replaces those before,
 * a live one stays. One that was retired is revived only where it may be.
 */
export async function ensureSecret(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { credentialId, secret, key, mayRevive }: WantedSecret,
): Promise<SecretStanding> {
  const digest = digestSecret(key, secret)
  const known = (await findSecrets(tx, tenantId, credentialId)).find((row) => row.digest.equals(digest))
  if (known && (known.retired_at === null || known.retired_at > nowMs)) return 'live'
  if (known && !mayRevive) return 'retired'
  await retireSecrets(tx, tenantId, credentialId, nowMs)
  if (known) await reviveSecret(tx, tenantId, { credentialId, digest })
  else await insertSecret(tx, tenantId, { credentialId, digest, nowMs })
  return known ? 'revived' : 'replaced'
}
