import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import { appendChange } from '../change-log/change.ts'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { SigningKeyRow } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { unwrap, wrap } from './envelope.ts'
import { encodeSegment } from './jwt.ts'
import { findSigningKeys, insertSigningKey } from './store.ts'

/** A public P-256 key as a JSON Web Key (RFC 7518 §6.2). */
export interface EcPublicJwk {
  kty: string
  crv: string
  x: string
  y: string
  kid: string
  use: 'sig'
  alg: 'ES256'
}

/** The keys of one tenant: what signs now, and all that verify. */
export interface KeyRing {
  readonly kid: string
  readonly privateKey: KeyObject
  /** The encoded JOSE header of every token that the current key signs. */
  readonly header: string
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly jwks: { keys: EcPublicJwk[] }
}

export type KeyPurpose = 'access' | 'context'

const RINGS_MAX = 5000

/** Each tenant's ES256 keys for one purpose: made on first use, encrypted at rest, remembered until the change log says otherwise. */
export class SigningKeys {
  readonly #purpose: KeyPurpose
  readonly #wrapping: KeyObject
  readonly #changes: ChangeLog
  readonly #rings: ChangeCache<KeyRing>

  constructor(purpose: KeyPurpose, wrapping: KeyObject, changes: ChangeLog) {
    this.#purpose = purpose
    this.#wrapping = wrapping
    this.#changes = changes
    this.#rings = new ChangeCache<KeyRing>(changes, ['key'], RINGS_MAX)
  }

  /** The tenant's key ring as remembered, without asking the database. */
  peek(tenantId: string): KeyRing | undefined {
    return this.#rings.peek(tenantId, this.#purpose)
  }

  /** The tenant's key ring; makes the first key where there is none. */
  async ringOf(ctx: RequestContext): Promise<KeyRing> {
    const known = await this.#rings.get(ctx.tenantId, this.#purpose, () => this.#read(ctx))
    if (known) return known
    await this.#makeFirst(ctx)
    const made = await this.#rings.get(ctx.tenantId, this.#purpose, () => this.#read(ctx))
    if (!made) throw new Error('the signing key that was made cannot be read back')
    return made
  }

  async #read({ db, tenantId, nowMs }: RequestContext): Promise<KeyRing | undefined> {
    const rows = await findSigningKeys(db, tenantId, { purpose: this.#purpose, nowMs })
    const current = rows.find(({ activates_at }) => activates_at <= nowMs)
    if (!current) return undefined
    const privateKey = createPrivateKey({
      key: unwrap(this.#wrapping, current.wrapped_private_key, placeOf(tenantId, current.kid)),
      format: 'der',
      type: 'pkcs8',
    })
    const jwks = rows.map((row) => JSON.parse(row.public_jwk) as EcPublicJwk)
    return {
      kid: current.kid,
      privateKey,
      header: encodeSegment({ alg: 'ES256', typ: TYPES[this.#purpose], kid: current.kid }),
      publicKeys: new Map(jwks.map((jwk) => [jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' })])),
      jwks: { keys: jwks },
    }
  }

  async #makeFirst(ctx: RequestContext): Promise<void> {
    const row = makeSigningKey(ctx, { purpose: this.#purpose, generation: 1, wrapping: this.#wrapping })
    await ctx.db.transaction().execute(async (tx) => {
      // Whoever loses the race reads the winner's key: one key set, however many asked at once.
      if (await insertSigningKey(tx, row)) await appendChange(tx, ctx, { kind: 'key', subject: this.#purpose })
    })
    await this.#changes.catchUp()
  }
}

/** The `typ` of what each key signs: a context header can never pass for an access token. */
const TYPES: Record<KeyPurpose, string> = { access: 'JWT', context: 'sallyport-context+jwt' }

interface NewSigningKey {
  purpose: KeyPurpose
  generation: number
  wrapping: KeyObject
}

function makeSigningKey(
  { tenantId, nowMs }: RequestContext,
  { purpose, generation, wrapping }: NewSigningKey,
): SigningKeyRow {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' }) as unknown as EcPublicJwk // P-256 has just these
  const kid = thumbprint({ crv, kty, x, y })
  const jwk: EcPublicJwk = { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    tenant_id: tenantId,
    kid,
    purpose,
    generation,
    public_jwk: JSON.stringify(jwk),
    wrapped_private_key: wrap(wrapping, der, placeOf(tenantId, kid)),
    created_at: nowMs,
    activates_at: nowMs,
    retires_at: null,
  }
}

const placeOf = (tenantId: string, kid: string): string => `signing_key ${tenantId} ${kid}`

/** The SHA-256 thumbprint of an EC key, its members in the order that RFC 7638 §3.2 asks for. */
const thumbprint = (members: { crv: string; kty: string; x: string; y: string }): string =>
  hash('sha256', JSON.stringify(members), 'base64url')
