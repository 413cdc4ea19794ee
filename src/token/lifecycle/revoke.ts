import { recordAudit } from '../../audit/record.ts'
import { appendChange } from '../../change-log/change.ts'
import type { ChangeLog } from '../../change-log/change-log.ts'
import type { RequestContext } from '../../request-context.ts'
import { endFamily } from '../refresh/end-family.ts'
import { readRefreshToken } from '../refresh/refresh-token.ts'
import type { TokenServices } from '../token-services.ts'
import type { GenuineToken } from './token-reader.ts'

/** A client's wish to end one of its own tokens. */
export interface Revoking {
  ctx: RequestContext
  clientId: string
  token: string
  readAccessToken: (token: string) => Promise<GenuineToken | undefined>
}

/**
 * Ends a token of the client that asks (RFC 7009 §2.1): a refresh token with its whole family, an access token alone.
 * A token that is not the client's, or none at all, changes nothing, and the answer does not tell.
 */
export async function revokeToken(
  services: TokenServices,
  { ctx, clientId, token, readAccessToken }: Revoking,
): Promise<void> {
  const refresh = readRefreshToken(services.refreshKey, ctx.tenantId, token)
  if (refresh) {
    if (refresh.clientId !== clientId) return
    const { familyId, identityId } = refresh
    return endFamily(services.changes, ctx, { familyId, clientId, identityId, end: 'revoked' })
  }
  const access = await readAccessToken(token)
  if (access?.clientId === clientId) await endAccessToken(services.changes, ctx, access)
}

async function endAccessToken(changes: ChangeLog, ctx: RequestContext, { jti, clientId }: GenuineToken): Promise<void> {
  await changes.write(ctx, async (tx) => {
    await recordAudit(tx, ctx, {
      action: 'access_token.revoked',
      targetKind: 'oauth_client',
      targetId: clientId,
      details: { jti },
    })
    await appendChange(tx, ctx, { kind: 'token', subject: jti, isCutOff: true })
  })
}
