import type { Database, Tx } from '../database/schema.ts'
import { digestCode } from './issue.ts'
import { provesChallenge } from './proof-key.ts'
import { findCode, markCodeUsed } from './store.ts'

/** What a client presents for a code. */
export interface Redemption {
  code: string
  clientId: string
  redirectUri: string | undefined
  codeVerifier: string | undefined
  nowMs: number
}

/** Whom a code is for, and since when the issuer's knowledge counts. */
export interface RedeemableCode {
  digest: string
  identityId: string
  redirectUri: string
  scope: readonly string[]
  position: number
}

/** What came of holding a presented code against the one that was issued. */
export type CodeVerdict =
  | { kind: 'good'; code: RedeemableCode }
  | { kind: 'unknown' | 'expired' | 'mismatch' }
  /** It was exchanged before: whoever holds the tokens of `familyId` may be a thief (RFC 6749 §4.1.2). */
  | { kind: 'replayed'; familyId: string | null; identityId: string }

/**
 * Holds what a client presents against the code (RFC 6749 §4.1.3, RFC 7636 §4.6). Another client's attempt changes
 * nothing; its own client's wrong redirect URI or verifier burns the code, which stops guessing.
 */
export async function examineCode(db: Database, tenantId: string, presented: Redemption): Promise<CodeVerdict> {
  const row = await findCode(db, tenantId, digestCode(presented.code))
  if (!row || row.client_id !== presented.clientId) return { kind: 'unknown' }
  if (row.used_at !== null) return { kind: 'replayed', familyId: row.family_id, identityId: row.identity_id }
  if (row.expires_at <= presented.nowMs) return { kind: 'expired' }
  // A verifier for a code that was asked for without a challenge means that somebody changed the request (RFC 9700 §4.8.2).
  if (row.code_challenge === null && presented.codeVerifier !== undefined) return { kind: 'mismatch' }
  const isProven = row.code_challenge === null || provesChallenge(presented.codeVerifier ?? '', row.code_challenge)
  if (presented.redirectUri !== row.redirect_uri || !isProven) {
    await markCodeUsed(db, tenantId, { digest: row.digest, familyId: null, nowMs: presented.nowMs })
    return { kind: 'mismatch' }
  }
  const { digest, identity_id: identityId, redirect_uri: redirectUri, issued_position: position } = row
  return { kind: 'good', code: { digest, identityId, redirectUri, scope: JSON.parse(row.scope) as string[], position } }
}

/** Uses a code up for a family of tokens, in one conditional statement; false when somebody was quicker. */
export const useCode = (
  tx: Tx,
  tenantId: string,
  use: { digest: string; familyId: string; nowMs: number },
): Promise<boolean> => markCodeUsed(tx, tenantId, use)
