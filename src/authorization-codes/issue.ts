import { hash, randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { insertCode } from './store.ts'

/** RFC 6749 §4.1.2 recommends at most ten minutes. */
const CODE_TTL_MS = 60_000
const CODE_BYTES = 32

export interface CodeRequest {
  /** The authorization request that the code answers: it gets one code, however often it is sent. */
  interactionId: string
  clientId: string
  identityId: string
  redirectUri: string
  scope: readonly string[]
  /** The S256 challenge of RFC 7636 §4.3; null when none was sent. */
  codeChallenge: string | null
  /** The change-log position up to which the issuer knows everything. */
  position: number
}

/**
 * Issues an authorization code (RFC 6749 §4.1.2) within the caller's transaction: 256 random bits, good once and for
 * 60 s, kept as a digest. Answers undefined when the authorization request was answered before.
 */
export async function issueCode(tx: Tx, ctx: RequestContext, request: CodeRequest): Promise<string | undefined> {
  const code = randomBytes(CODE_BYTES).toString('base64url')
  const isFirst = await insertCode(tx, {
    tenant_id: ctx.tenantId,
    digest: digestCode(code),
    interaction_id: request.interactionId,
    client_id: request.clientId,
    identity_id: request.identityId,
    redirect_uri: request.redirectUri,
    scope: JSON.stringify(request.scope),
    code_challenge: request.codeChallenge,
    issued_position: request.position,
    created_at: ctx.nowMs,
    expires_at: ctx.nowMs + CODE_TTL_MS,
    used_at: null,
    family_id: null,
  })
  if (!isFirst) return undefined
  await recordAudit(tx, ctx, {
    action: 'authorization_code.issued',
    targetKind: 'oauth_client',
    targetId: request.clientId,
    details: { identityId: request.identityId, scope: request.scope },
  })
  return code
}

/** What is kept of a code, and looked up by. */
export const digestCode = (code: string): string => hash('sha256', code)
