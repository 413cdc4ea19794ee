import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { RequestContext } from '../request-context.ts'
import { unwrap } from './envelope.ts'
import { encodeSegment } from './jwt.ts'
import { rotateSigningKey, SIGNS_FOR_MS } from './rotate.ts'
import { type EcPublicJwk, type KeyPurpose, placeOf } from './signing-key.ts'
import { findSigningKeys } from './store.ts'

/** The keys of one tenant: what signs now, and all that verify. */
export interface KeyRing {
  readonly kid: string
  readonly privateKey: KeyObject
  /** The encoded JOSE header of every token that the current key signs. */
  readonly header: string
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly jwks: { keys: EcPublicJwk[] }
  /** When another key takes over, or one retires, in Unix milliseconds: the ring is read anew then. */
  readonly goodUntilMs: number
}

const RINGS_MAX = 5000

/** Each tenant's ES256 keys for one purpose: made on first use, encrypted at rest, remembered until the change log says otherwise. */
export class SigningKeys {
  readonly #purpose: KeyPurpose
  readonly #wrapping: KeyObject
  readonly #changes: ChangeLog
  readonly #rings: ChangeCache<KeyRing & { isDue: boolean }>

  constructor(purpose: KeyPurpose, wrapping: KeyObject, changes: ChangeLog) {
    this.#purpose = purpose
    this.#wrapping = wrapping
    this.#changes = changes
    this.#rings = new ChangeCache(changes, ['key'], RINGS_MAX)
  }

  /** The tenant's key ring as remembered, without asking the database. */
  peek(tenantId: string, nowMs: number): KeyRing | undefined {
    const ring = this.#rings.peek(tenantId, this.#purpose)
    return ring && nowMs < ring.goodUntilMs ? ring : undefined
  }

  /** The tenant's key ring; makes the first key where there is none, and the next when it is time. */
  async ringOf(ctx: RequestContext): Promise<KeyRing> {
    const known = this.peek(ctx.tenantId, ctx.nowMs) ?? (await this.#readAnew(ctx))
    if (known) return known
    await this.#rotate(ctx)
    const made = await this.#readAnew(ctx)
    if (!made) throw new Error('the signing key that was made cannot be read back')
    return made
  }

  async #readAnew(ctx: RequestContext): Promise<KeyRing | undefined> {
    this.#rings.forget(ctx.tenantId, this.#purpose)
    const ring = await this.#rings.get(ctx.tenantId, this.#purpose, () => this.#read(ctx))
    if (ring?.isDue !== true) return ring
    await this.#rotate(ctx)
    return this.#rings.get(ctx.tenantId, this.#purpose, () => this.#read(ctx))
  }

  async #read({ db, tenantId, nowMs }: RequestContext): Promise<(KeyRing & { isDue: boolean }) | undefined> {
    const rows = await findSigningKeys(db, tenantId, { purpose: this.#purpose, nowMs })
    // Where the clock of the node that made the only key is ahead, that key is current all the same.
    const current = rows.find(({ activates_at }) => activates_at <= nowMs) ?? rows.at(-1)
    if (!current) return undefined
    const privateKey = createPrivateKey({
      key: unwrap(this.#wrapping, current.wrapped_private_key, placeOf(tenantId, current.kid)),
      format: 'der',
      type: 'pkcs8',
    })
    const jwks = rows.map((row) => JSON.parse(row.public_jwk) as EcPublicJwk)
    const newest = Math.max(...rows.map(({ created_at }) => created_at))
    const turns = rows.flatMap(({ activates_at, retires_at }) => [activates_at, retires_at ?? Number.POSITIVE_INFINITY])
    return {
      kid: current.kid,
      privateKey,
      header: encodeSegment({ alg: 'ES256', typ: TYPES[this.#purpose], kid: current.kid }),
      publicKeys: new Map(jwks.map((jwk) => [jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' })])),
      jwks: { keys: jwks },
      goodUntilMs: Math.min(newest + SIGNS_FOR_MS, ...turns.filter((atMs) => atMs > nowMs)),
      isDue: newest + SIGNS_FOR_MS <= nowMs,
    }
  }

  async #rotate(ctx: RequestContext): Promise<void> {
    // Whoever loses a race reads the winner's key: one key set, however many asked at once.
    await rotateSigningKey(ctx, { purpose: this.#purpose, wrapping: this.#wrapping, isEmergency: false })
    await this.#changes.catchUp()
  }
}

/** The `typ` of what each key signs: a context header can never pass for an access token. */
const TYPES: Record<KeyPurpose, string> = { access: 'JWT', context: 'sallyport-context+jwt' }
