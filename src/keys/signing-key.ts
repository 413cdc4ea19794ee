import { generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import type { SigningKeyRow } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { wrap } from './envelope.ts'

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

/** What a key signs: access tokens, or the context header that upstreams get. */
export type KeyPurpose = 'access' | 'context'

export interface NewSigningKey {
  purpose: KeyPurpose
  generation: number
  /** From when it signs, in Unix milliseconds. */
  activatesAtMs: number
  wrapping: KeyObject
}

/** Makes a P-256 key pair, its private half encrypted for the one row it will lie in. */
export function makeSigningKey(
  { tenantId, nowMs }: RequestContext,
  { purpose, generation, activatesAtMs, wrapping }: NewSigningKey,
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
    activates_at: activatesAtMs,
    retires_at: null,
  }
}

/** Where a wrapped key lies, which it cannot be moved from. */
export const placeOf = (tenantId: string, kid: string): string => `signing_key ${tenantId} ${kid}`

/** The SHA-256 thumbprint of an EC key, its members in the order that RFC 7638 §3.2 asks for. */
const thumbprint = (members: { crv: string; kty: string; x: string; y: string }): string =>
  hash('sha256', JSON.stringify(members), 'base64url')
