import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { CLAIM_NAMES } from './claims.ts'

/** Checks tokens of one variant against the keys that it published when this was made. */
export type TokenCheck = (answers: readonly string[]) => Promise<void>

/** The first `access_token` in a whole or partial HTTP answer. */
export function accessTokenIn(answer: string): string | undefined {
  return /"access_token"\s*:\s*"([\w-]+\.[\w-]+\.[\w-]+)"/.exec(answer)?.[1]
}

/** Fetches the variant's public keys once. The check throws unless the tokens are signed with ES256, complete and distinct. */
export async function makeTokenCheck(origin: string, jwksPath: string): Promise<TokenCheck> {
  const response = await fetch(`${origin}${jwksPath}`)
  if (!response.ok) throw new Error(`${origin}${jwksPath} answered ${response.status} instead of the public keys.`)
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet) // jose itself validates it

  return async (answers) => {
    const tokens = answers.map(accessTokenIn).filter((token) => token !== undefined)
    if (tokens.length === 0) throw new Error('No sampled answer holds an access token.')
    const ids = await Promise.all(
      tokens.map(async (token) => {
        const { payload } = await jwtVerify(token, keys, { algorithms: ['ES256'], issuer: origin, audience: origin })
        assertClaimNames(Object.keys(payload))
        return payload.jti
      }),
    )
    if (new Set(ids).size !== ids.length) throw new Error('Two sampled tokens have the same jti.')
  }
}

function assertClaimNames(names: readonly string[]): void {
  const missing = CLAIM_NAMES.filter((name) => !names.includes(name))
  const extra = names.filter((name) => !CLAIM_NAMES.includes(name))
  if (missing.length + extra.length === 0) return
  throw new Error(`The claims differ: missing [${missing.join(' ')}], extra [${extra.join(' ')}].`)
}
