import type { Visit } from '../../front-door/visit.ts'
import { findLivingFamily } from '../refresh/find-living-family.ts'
import { readRefreshToken } from '../refresh/refresh-token.ts'
import type { RequestContext } from '../../request-context.ts'
import type { TokenServices } from '../token-services.ts'
import type { TokenReader } from './token-reader.ts'

/** What a token is, as far as the one who asks may know (RFC 7662 §2.2). */
export type Introspection = { active: false } | { active: true; [claim: string]: unknown }

const INACTIVE: Introspection = { active: false }

export interface Introspecting {
  ctx: RequestContext
  visit: Visit
  clientId: string
  token: string
}

/**
 * Tells a client whether a token is alive and what it says (RFC 7662 §2). A token that is over, of another tenant, or a
 * refresh token of another client is just not active: nothing else is told.
 */
export async function introspectToken(
  services: TokenServices,
  reader: TokenReader,
  { ctx, visit, clientId, token }: Introspecting,
): Promise<Introspection> {
  const refresh = readRefreshToken(services.refreshKey, ctx.tenantId, token)
  if (!refresh) return introspectAccessToken(reader, visit, token)
  const family = refresh.clientId === clientId ? await findLivingFamily(ctx, refresh.familyId) : undefined
  if (family?.generation !== refresh.generation) return INACTIVE
  return {
    active: true,
    token_type: 'refresh_token',
    client_id: clientId,
    scope: refresh.scope.join(' '),
    sub: refresh.identityId,
    exp: refresh.expiresAt,
  }
}

async function introspectAccessToken(reader: TokenReader, visit: Visit, token: string): Promise<Introspection> {
  if (!(await reader.isAlive(visit, token))) return INACTIVE
  const { claims } = (await reader.genuine(visit, token)) ?? {}
  if (!claims) return INACTIVE
  const { scope, user_name: username, ...rest } = claims
  const scopes = Array.isArray(scope) ? scope.join(' ') : ''
  return { active: true, token_type: 'bearer', scope: scopes, ...(username !== undefined && { username }), ...rest }
}

/**
 * What older clients of ISC ask at `check_token`: the claims of a living access token, under the names they read.
 * Undefined when the token is over.
 */
export async function checkToken(reader: TokenReader, visit: Visit, token: string): Promise<object | undefined> {
  if (!(await reader.isAlive(visit, token))) return undefined
  const { claims } = (await reader.genuine(visit, token)) ?? {}
  if (!claims) return undefined
  return { ...claims, active: true, encoded_scope: claims['scope'], force_auth_supported: false }
}
