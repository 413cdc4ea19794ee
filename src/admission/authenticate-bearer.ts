import { boundedCache } from '../bounded-cache.ts'
import { hash } from 'node:crypto'
import type { Principal } from '../access/policy.ts'
import type { Refusal } from '../access/question.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Visit } from '../front-door/visit.ts'
import type { Identities } from '../identities/find.ts'
import type { Identity } from '../identities/identity.ts'
import { familyTagOf } from '../keys/family-jti.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { RequestContext } from '../request-context.ts'
import type { CutOffs } from '../revocations/cut-offs.ts'
import { customScopesOf, type GrantingLevels, type UserLevels } from '../user-levels/find.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import * as failures from './bearer-failures.ts'
import { type ClientSources, findClient, type LiveClient, peekClient } from './live-client.ts'
import { CLOCK_SKEW_SECONDS, type VerifiedToken, verifyAccessToken } from './verified-token.ts'

export interface BearerServices extends ClientSources {
  changes: Pick<ChangeLog, 'revision'>
  signingKeys: SigningKeys
  identities: Identities
  userLevels: UserLevels
  cutOffs: CutOffs
  address: () => PublicAddress
  contextOf: (visit: Visit) => RequestContext
}

/** A caller who proved to be somebody. */
export interface Authenticated {
  readonly principal: Principal
  readonly isPublicClient: boolean
}

export type Authentication = Authenticated | { readonly failure: Refusal }

interface Remembered {
  readonly token: VerifiedToken
  /** The caller of the token, good for as long as what it was made of are the same objects. */
  made?: Live & { caller: Authenticated }
  /** The revision of the change log at which the caller was checked against all that this process knows. */
  checkedAt?: number
}

/** What a token stands for at present. */
interface Live {
  client: LiveClient
  identity: Identity | undefined
  levels: GrantingLevels
}

const TOKENS_MAX = 20_000
const TOKEN_CHARACTERS_MAX = 8192
const BEARER = /^bearer(?: (.*))?$/i

/**
 * The first gate: who is calling (check 1). A signature is verified once per token and process; whether the token is in
 * time, revoked, and of an enabled client and identity is asked every time. Answers at once when all is in memory.
 */
export class BearerAuthenticator {
  readonly #services: BearerServices
  readonly #tokens = boundedCache<string, Remembered>(TOKENS_MAX)
  #timesForgotten = 0

  constructor(services: BearerServices) {
    this.#services = services
  }

  /**
   * Every signature is verified anew from now on. To be called when a key changes: whoever had a key that leaked could
   * write a token that no cut-off reaches, and must not go on with it once the key is gone.
   */
  forgetVerified(): void {
    this.#tokens.clear()
    this.#timesForgotten += 1
  }

  authenticate(visit: Visit, authorization: string | undefined): Authentication | Promise<Authentication> {
    const bearer = BEARER.exec(authorization ?? '')
    if (!bearer) return authorization ? failures.notBearer : failures.missing
    const token = bearer[1] ?? ''
    if (token === '') return failures.missing
    if (token.length > TOKEN_CHARACTERS_MAX) return failures.tooLong
    const key = hash('sha256', token, 'base64')
    const remembered = this.#tokens.get(key)
    return remembered ? this.#check(visit, remembered) : this.#verify(visit, token, key)
  }

  async #verify(visit: Visit, token: string, key: string): Promise<Authentication> {
    const { signingKeys, contextOf, address } = this.#services
    const { tenant } = visit.site
    const before = this.#timesForgotten
    const { publicKeys } = signingKeys.peek(tenant.id, visit.nowMs) ?? (await signingKeys.ringOf(contextOf(visit)))
    const origin = originsOf(tenant, address()).api
    const verified = verifyAccessToken(token, { tenantId: tenant.id, origin, publicKeys, nowMs: visit.nowMs })
    if ('failure' in verified) return verified
    const remembered: Remembered = { token: verified }
    if (this.#timesForgotten === before) this.#tokens.set(key, remembered)
    return this.#check(visit, remembered)
  }

  #check(visit: Visit, remembered: Remembered): Authentication | Promise<Authentication> {
    const { tenant } = visit.site
    const { token } = remembered
    if (token.tenantId !== tenant.id) return failures.wrongTenant
    if (visit.nowMs / 1000 >= token.expiresAt + CLOCK_SKEW_SECONDS)
      return failures.expired(token.expiresAt, visit.nowMs)
    if (!isNetworkAllowed(tenant.settings.network, visit.network)) return failures.networkDenied
    const { identities, userLevels, changes } = this.#services
    // Whatever could end a token is a change: where none came in since, the last answer holds.
    if (remembered.made && remembered.checkedAt === changes.revision) return remembered.made.caller
    const client = peekClient(this.#services, tenant, token.clientId)
    const identity = token.identityId === undefined ? undefined : identities.peek(tenant.id, token.identityId)
    const levels = userLevels.peek(tenant.id)
    if (!client || !levels || (token.identityId !== undefined && !identity))
      return this.#checkUnknown(visit, remembered)
    const authentication = this.#checkLive(visit, remembered, { client, identity, levels })
    if ('principal' in authentication) remembered.checkedAt = changes.revision
    return authentication
  }

  async #checkUnknown(visit: Visit, remembered: Remembered): Promise<Authentication> {
    const { db } = this.#services.contextOf(visit)
    const { tenantId, clientId, identityId } = remembered.token
    const client = await findClient(this.#services, db, { tenant: visit.site.tenant, id: clientId })
    const identity =
      identityId === undefined ? undefined : await this.#services.identities.find(db, tenantId, identityId)
    if (!client || (identityId !== undefined && !identity)) return failures.revoked
    const levels = await this.#services.userLevels.find(db, tenantId)
    return this.#checkLive(visit, remembered, { client, identity, levels })
  }

  #checkLive({ site }: Visit, remembered: Remembered, live: Live): Authentication {
    const { client, identity, levels } = live
    if (!client.isEnabled) return failures.clientDisabled
    if (identity?.isEnabled === false) return failures.ownerDisabled
    const { token, made } = remembered
    if (token.issuedAt.epoch !== site.tenant.epoch || this.#isCutOff(token)) return failures.revoked
    if (made && made.identity === identity && made.client === client && made.levels === levels) return made.caller
    const caller = { principal: principalOf(token, live), isPublicClient: client.isPublic }
    remembered.made = { ...live, caller }
    return caller
  }

  #isCutOff({ tenantId, clientId, identityId, jti, issuedAt: { position } }: VerifiedToken): boolean {
    const { cutOffs } = this.#services
    return (
      cutOffs.isCutOff(tenantId, 'client', clientId, position) ||
      (identityId !== undefined && cutOffs.isCutOff(tenantId, 'identity', identityId, position)) ||
      cutOffs.isCutOff(tenantId, 'token', jti, position) ||
      cutOffs.isCutOff(tenantId, 'family', familyTagOf(jti), position) ||
      cutOffs.isCutOff(tenantId, 'tenant', tenantId, position)
    )
  }
}

const principalOf = (token: VerifiedToken, { identity, levels }: Live): Principal => ({
  context: identity ? 'user' : 'application',
  clientId: token.clientId,
  scopes: token.scope,
  identityId: identity?.id ?? null,
  userLevels: identity?.userLevels ?? [],
  customLevelScopes: identity ? customScopesOf(identity.userLevels, levels) : [],
})
