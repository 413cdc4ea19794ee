import { OAuthError } from '../../oauth/oauth-error.ts'
import { narrowScope } from '../../oauth/scope.ts'
import type { Written } from '../../database/grouped-writes.ts'
import type { RefreshFamilyRow } from '../../database/schema.ts'
import type { Grant, GrantRequest, Granted } from '../grant.ts'
import type { TokenServices } from '../token-services.ts'
import { endFamily } from './end-family.ts'
import type { Family } from './family.ts'
import { findLivingFamily } from './find-living-family.ts'
import { type RefreshToken, readRefreshToken } from './refresh-token.ts'
import { rotateFamily } from './store.ts'

/** A client that lost the answer may ask once more for this long, and gets the very same tokens. */
const GRACE_MS = 10_000

/**
 * A refresh token for a new one (RFC 6749 §6), rotated on every use (RFC 9700 §4.14.2). Of racing uses one rotates; the
 * others, and a client that lost the answer, get the same child within the grace; any later use of an older token
 * proves that it was copied, and ends the family.
 */
export const refreshToken: Grant = {
  type: 'REFRESH_TOKEN',
  async authorize(services, request) {
    const { ctx, client, parameters } = request
    if (!client.grantTypes.includes('AUTHORIZATION_CODE'))
      throw new OAuthError(
        'unauthorized_client',
        'Refreshing needs the grant types refresh_token and authorization_code.',
      )
    const token = genuineToken(services, request)
    const scope = narrowScope(token.scope, parameters.scope)
    const { identities } = services
    const identity =
      identities.peek(ctx.tenantId, token.identityId) ?? (await identities.find(ctx.db, ctx.tenantId, token.identityId))
    if (!identity?.isEnabled) throw dead('owner.disabled')
    const { value: rotated, onDisk } = await rotate(services, request, token)
    const family = rotated ?? (await repeatOrEnd(services, request, token))
    return { identity, scope, family, hasRefreshToken: true, onDisk } satisfies Granted
  },
}

/** @throws OAuthError `invalid_grant` for what is not a refresh token of this client; the family is left as it is. */
function genuineToken({ refreshKey }: TokenServices, { ctx, client, parameters }: GrantRequest): RefreshToken {
  const text = parameters.refreshToken
  if (text === undefined)
    throw new OAuthError('invalid_request', 'The parameter refresh_token is missing.', { reason: 'parameter.missing' })
  const token = readRefreshToken(refreshKey, ctx.tenantId, text)
  if (!token)
    throw new OAuthError(
      'invalid_grant',
      'Invalid refresh token. Send the refresh_token of a token response, not its access_token or a secret.',
      {
        reason: 'refresh.not_genuine',
      },
    )
  if (token.clientId !== client.id) throw dead('refresh.other_client')
  if (token.expiresAt * 1000 <= ctx.nowMs) throw dead('refresh.expired')
  return token
}

/** The next generation; undefined for a token that is not good for one. */
async function rotate(
  { writeSmall }: TokenServices,
  { ctx, position }: GrantRequest,
  { familyId: id, generation, clientId, identityId, scope, expiresAt }: RefreshToken,
): Promise<Written<Family | undefined>> {
  const { nowMs, tenantId } = ctx
  const parties = { id, clientId, identityId }
  const { value: isRotated, onDisk } = await writeSmall(ctx.db, (tx) =>
    rotateFamily(tx, tenantId, { ...parties, generation, nowMs, position }),
  )
  if (!isRotated) return { value: undefined, onDisk }
  const next = { scope, generation: generation + 1, issuedAtMs: nowMs, position, expiresAtMs: expiresAt * 1000 }
  return { value: { ...parties, ...next }, onDisk }
}

/** What a token that does not rotate is: the last one again, in time; a copy; or one of a family that ended. */
async function repeatOrEnd(
  { changes }: TokenServices,
  { ctx, client }: GrantRequest,
  token: RefreshToken,
): Promise<Family> {
  const row = await findLivingFamily(ctx, token.familyId)
  if (!row || row.generation <= token.generation) throw dead('refresh.ended')
  if (row.generation === token.generation + 1 && ctx.nowMs - row.rotated_at <= GRACE_MS) return familyFromRow(row)
  await endFamily(changes, ctx, {
    familyId: row.id,
    clientId: client.id,
    identityId: row.identity_id,
    end: 'refresh_reuse',
  })
  throw dead('refresh.reused')
}

/** One text for every refresh token that is over; the audit trail alone learns why. */
const dead = (reason: string): OAuthError =>
  new OAuthError('invalid_grant', 'Refresh token expired or revoked. Sign in again to get a new one.', { reason })

const familyFromRow = (row: RefreshFamilyRow): Family => ({
  id: row.id,
  clientId: row.client_id,
  identityId: row.identity_id,
  scope: JSON.parse(row.scope) as string[],
  generation: row.generation,
  issuedAtMs: row.rotated_at,
  position: row.issued_position,
  expiresAtMs: row.expires_at,
})
