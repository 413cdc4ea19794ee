import { boundedCache } from '../bounded-cache.ts'
import { randomUUID } from 'node:crypto'
import type { Principal } from '../access/policy.ts'
import type { Visit } from '../front-door/visit.ts'
import { encodeSegment } from '../keys/jwt.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { TurnSigner } from '../keys/turn-signer.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'

export interface ContextHeaderOptions {
  keys: SigningKeys
  signer: TurnSigner
  address: () => PublicAddress
  contextOf: (visit: Visit) => RequestContext
}

/** For whom a context header is, and who is calling. */
export interface ContextHeaderRequest {
  visit: Visit
  principal: Principal
  /** Origin of the upstream; the `aud` of the header. */
  audience: string
}

const LIFETIME_SECONDS = 60
const REUSED_MS = 30_000
const HEADERS_MAX = 20_000

interface Made {
  header: string
  until: number
}

/**
 * Makes the `Sallyport-Context` header: a signed statement to one upstream of who is calling, made once per caller and
 * upstream and reused for at most 30 s. Its type and key are its own, so it is worthless as a bearer.
 */
export class ContextHeaders {
  readonly #options: ContextHeaderOptions
  /** By principal, which is one object per token while nothing about it changes; then by audience. */
  readonly #made = boundedCache<Principal, Map<string, Made>>(HEADERS_MAX)

  constructor(options: ContextHeaderOptions) {
    this.#options = options
  }

  headerFor(request: ContextHeaderRequest): string | Promise<string> {
    const made = this.#made.get(request.principal)?.get(request.audience)
    return made && request.visit.nowMs < made.until ? made.header : this.#make(request)
  }

  async #make({ visit, principal, audience }: ContextHeaderRequest): Promise<string> {
    const { keys, signer, address, contextOf } = this.#options
    const { tenant } = visit.site
    const { header: jose, privateKey } = keys.peek(tenant.id, visit.nowMs) ?? (await keys.ringOf(contextOf(visit)))
    const issuedAt = Math.floor(visit.nowMs / 1000)
    const claims = {
      token_use: 'context',
      iss: originsOf(tenant, address()).api,
      aud: audience,
      sub: principal.identityId ?? principal.clientId,
      tenant_id: tenant.id,
      org: tenant.name,
      client_id: principal.clientId,
      ...(principal.identityId !== null && { identity_id: principal.identityId }),
      context: principal.context,
      authorities: principal.userLevels,
      scope: principal.scopes,
      iat: issuedAt,
      exp: issuedAt + LIFETIME_SECONDS,
      jti: randomUUID(),
    }
    const header = await signer.sign(privateKey, `${jose}.${encodeSegment(claims)}`)
    const byAudience = this.#made.get(principal) ?? new Map<string, Made>()
    this.#made.set(principal, byAudience.set(audience, { header, until: visit.nowMs + REUSED_MS }))
    return header
  }
}
