import { type KeyObject, sign } from 'node:crypto'
import type { TestApp } from './test-app.ts'
import { decodeToken } from './token-requests.ts'

/** What to change of a genuine token; a member that is undefined is left out. */
export interface Forgery {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  /** The payload as JSON text, where it is odder than an object can be. */
  payload?: string
  /** Signs the input; by default with the tenant's own key. */
  sign?: (input: Buffer) => Buffer
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

/** A token for a fixture's credential, changed, and signed with the tenant's own key unless said otherwise. */
export async function forge(app: TestApp, { header, claims, ...odd }: Forgery, name = 'ada'): Promise<string> {
  const genuine = decodeToken(await app.tokenFor(name))
  const key = await privateKeyOf(app)
  const head = JSON.stringify({ ...genuine.header, ...header })
  const payload = odd.payload ?? JSON.stringify({ ...genuine.claims, ...claims })
  const input = `${encode(head)}.${encode(payload)}`
  const signature = (odd.sign ?? ((bytes) => signEs256(key, bytes)))(Buffer.from(input))
  return `${input}.${signature.toString('base64url')}`
}

/** The key that signs a tenant's access tokens. */
export async function privateKeyOf({ app, contextOf }: TestApp, tenant = 'acme'): Promise<KeyObject> {
  return (await app.services.token.signingKeys.ringOf(await contextOf(tenant))).privateKey
}

export const signEs256 = (key: KeyObject, input: Buffer): Buffer =>
  sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The other signature that holds for the same input: (r, n - s). */
export function twinSignature(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const twin = (P256_ORDER - s).toString(16).padStart(64, '0')
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(twin, 'hex')])
}
