import type { Visit } from '../front-door/visit.ts'
import { parseJwt } from '../keys/jwt.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import type { TokenReader } from '../token/lifecycle/token-reader.ts'
import type { BearerAuthenticator } from './authenticate-bearer.ts'
import { verifyAccessToken } from './verified-token.ts'

export interface TokenReaderServices {
  bearers: BearerAuthenticator
  signingKeys: SigningKeys
  address: () => PublicAddress
  contextOf: (visit: Visit) => RequestContext
}

/** Reads access tokens for revocation and introspection by the very checks of the gateway. */
export function tokenReader({ bearers, signingKeys, address, contextOf }: TokenReaderServices): TokenReader {
  return {
    async genuine(visit, token) {
      const { tenant } = visit.site
      const { publicKeys } = await signingKeys.ringOf(contextOf(visit))
      const origin = originsOf(tenant, address()).api
      const verified = verifyAccessToken(token, { tenantId: tenant.id, origin, publicKeys, nowMs: visit.nowMs })
      if ('failure' in verified) return undefined
      const { clientId, jti, expiresAt } = verified
      return { clientId, jti, expiresAt, claims: parseJwt(token)?.payload ?? {} }
    },
    async isAlive(visit, token) {
      const authentication = await bearers.authenticate(visit, `Bearer ${token}`)
      return 'principal' in authentication
    },
  }
}
