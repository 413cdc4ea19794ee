import { randomBytes } from 'node:crypto'
import { type CodeVerdict, examineCode, type RedeemableCode, useCode } from '../authorization-codes/redeem.ts'
import type { Written } from '../database/grouped-writes.ts'
import type { Identity } from '../identities/identity.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import { matchesRedirectUri } from '../oauth/redirect-match.ts'
import { isCliClientId } from '../oauth-clients/cli-clients.ts'
import type { Grant, GrantRequest } from './grant.ts'
import { isCutOff } from './is-cut-off.ts'
import { endFamily } from './refresh/end-family.ts'
import type { Family } from './refresh/family.ts'
import { insertFamily } from './refresh/store.ts'
import type { TokenServices } from './token-services.ts'

/** A code for tokens that act as the person who signed in (RFC 6749 §4.1.3). */
export const authorizationCode: Grant = {
  type: 'AUTHORIZATION_CODE',
  async authorize(services, request) {
    const { ctx, client, parameters } = request
    const { code, redirectUri, codeVerifier } = parameters
    if (code === undefined)
      throw new OAuthError('invalid_request', 'The parameter code is missing.', { reason: 'parameter.missing' })
    const presented = { code, clientId: client.id, redirectUri, codeVerifier, nowMs: ctx.nowMs }
    const verdict = await examineCode(ctx.db, ctx.tenantId, presented)
    if (verdict.kind !== 'good') throw await refusal(services, request, verdict)
    const identity = await stillWanted(services, request, verdict.code)
    const hasRefreshToken = client.grantTypes.includes('REFRESH_TOKEN')
    const family = newFamily(request, verdict.code)
    const { value: isRedeemed, onDisk } = await redeem(services, request, {
      code: verdict.code,
      family,
      hasRefreshToken,
    })
    if (!isRedeemed) {
      const lost = await examineCode(ctx.db, ctx.tenantId, presented)
      throw await refusal(services, request, lost.kind === 'good' ? { kind: 'unknown' } : lost)
    }
    return { identity, scope: family.scope, family, hasRefreshToken, onDisk }
  },
}

/** The person of the code, unless person, client or tenant changed in a way that ends what was begun before. */
async function stillWanted(
  { identities }: TokenServices,
  { ctx, client }: GrantRequest,
  code: RedeemableCode,
): Promise<Identity> {
  const identity = await identities.find(ctx.db, ctx.tenantId, code.identityId)
  const isOver = await isCutOff(ctx, { ...code, clientId: client.id })
  if (!identity?.isEnabled || isOver) throw invalidCode('code.owner_changed')
  // The paste page of the command line clients is registered by setting, not by row, and cannot be taken back alone.
  const isRegistered = matchesRedirectUri(client.redirectUris, code.redirectUri)
  if (!isRegistered && !isCliClientId(client.id)) throw invalidCode('code.redirect_removed')
  return identity
}

const newFamily = ({ ctx, client, position }: GrantRequest, { identityId, scope }: RedeemableCode): Family => ({
  id: randomBytes(16).toString('hex'),
  clientId: client.id,
  identityId,
  scope,
  generation: 1,
  issuedAtMs: ctx.nowMs,
  position,
  // Whole seconds, as the `exp` of its refresh tokens.
  expiresAtMs: (Math.floor(ctx.nowMs / 1000) + client.refreshTokenValiditySeconds) * 1000,
})

interface Redeeming {
  code: RedeemableCode
  family: Family
  hasRefreshToken: boolean
}

/** Uses the code up and begins the family together; false when another request was quicker. */
function redeem(
  { writeSmall }: TokenServices,
  { ctx }: GrantRequest,
  { code, family, hasRefreshToken }: Redeeming,
): Promise<Written<boolean>> {
  return writeSmall(ctx.db, async (tx) => {
    const use = { digest: code.digest, familyId: family.id, nowMs: ctx.nowMs }
    if (!(await useCode(tx, ctx.tenantId, use))) return false
    if (!hasRefreshToken) return true
    await insertFamily(tx, {
      tenant_id: ctx.tenantId,
      id: family.id,
      client_id: family.clientId,
      identity_id: family.identityId,
      scope: JSON.stringify(family.scope),
      generation: family.generation,
      rotated_at: family.issuedAtMs,
      issued_position: family.position,
      created_at: family.issuedAtMs,
      expires_at: family.expiresAtMs,
      revoked_at: null,
    })
    return true
  })
}

async function refusal(
  { changes }: TokenServices,
  { ctx, client }: GrantRequest,
  verdict: Exclude<CodeVerdict, { kind: 'good' }>,
): Promise<OAuthError> {
  switch (verdict.kind) {
    case 'expired':
      return new OAuthError('invalid_grant', 'Authorization code expired. Codes live 60 seconds: start again.', {
        reason: 'code.expired',
      })
    case 'mismatch':
      return new OAuthError(
        'invalid_grant',
        'Invalid authorization code: redirect_uri or code_verifier is not that of the authorization request. Start again.',
        { reason: 'code.mismatch' },
      )
    case 'replayed':
      if (verdict.familyId !== null)
        await endFamily(changes, ctx, {
          familyId: verdict.familyId,
          clientId: client.id,
          identityId: verdict.identityId,
          end: 'code_replay',
        })
      return new OAuthError(
        'invalid_grant',
        'Invalid authorization code: it was already used. What it gave is revoked.',
        { reason: 'code.replayed' },
      )
    default:
      return invalidCode('code.unknown')
  }
}

const invalidCode = (reason: string): OAuthError =>
  new OAuthError(
    'invalid_grant',
    'Invalid authorization code. It is good once, for the client it was issued to. Start again.',
    { reason },
  )
