import { createPublicKey, verify } from 'node:crypto'

const TYPE = 'sallyport-context+jwt'
const LIFETIME_SECONDS_MAX = 60
const CHARACTERS_MAX = 65_536
const KEYS_MAX = 50
const UNKNOWN_KEY_MS = 30_000
const FAILED_MS = 1000
const KEYS_KEPT_MS = 600_000
const FETCH_MS_MAX = 5000

export class ContextError extends Error {
  name = 'ContextError'
}

export function createVerifier(options) {
  const { issuer, audience, clockToleranceSeconds = 5, nowMs = Date.now } = options
  if (!issuer || !audience) throw new TypeError('createVerifier needs an issuer and an audience.')
  const keys = keySource(options.jwksUrl ?? new URL('/oauth/context-jwks', issuer).href, nowMs)
  return async (header) => {
    const { jose, claims, signed, signature } = parse(header)
    const key = await keys(jose.kid)
    if (!key) throw new ContextError('The key of the context header is unknown.')
    if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature))
      throw new ContextError('The signature of the context header is wrong.')
    checkClaims(claims, { issuer, audience, nowSeconds: nowMs() / 1000, clockToleranceSeconds })
    return claims
  }
}

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]{86}$/

function parse(header) {
  if (typeof header !== 'string' || header === '') throw new ContextError('There is no context header.')
  if (header.length > CHARACTERS_MAX || !COMPACT.test(header)) throw new ContextError('The context header is malformed.')
  const [head, payload, signature] = header.split('.')
  const [jose, claims] = [parseObject(head), parseObject(payload)]
  if (jose.alg !== 'ES256' || jose.typ !== TYPE || jose.crit !== undefined || typeof jose.kid !== 'string')
    throw new ContextError(`The header is no ${TYPE} signed with ES256.`)
  return { jose, claims, signed: Buffer.from(`${head}.${payload}`), signature: Buffer.from(signature, 'base64url') }
}

function parseObject(segment) {
  try {
    const value = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below.
  }
  throw new ContextError('The context header is malformed.')
}

function checkClaims(claims, { issuer, audience, nowSeconds, clockToleranceSeconds }) {
  const { token_use: use, iss, aud, iat, exp } = claims
  if (use !== 'context') throw new ContextError('The token is for another use.')
  if (iss !== issuer) throw new ContextError('The context header is of another issuer.')
  if (aud !== audience) throw new ContextError('The context header is for another audience.')
  if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp) || exp - iat > LIFETIME_SECONDS_MAX)
    throw new ContextError('The times of the context header are wrong.')
  if (iat > nowSeconds + clockToleranceSeconds) throw new ContextError('The context header is from the future.')
  if (exp <= nowSeconds - clockToleranceSeconds) throw new ContextError('The context header has expired.')
}

/** Keys by their id, kept for ten minutes; an unknown id makes for one more fetch, at most twice a minute. */
function keySource(url, nowMs) {
  let keys = new Map()
  let [fetchedMs, triedMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let fetching
  const refresh = async () => {
    triedMs = nowMs()
    keys = await fetchKeys(url)
    fetchedMs = triedMs
  }
  return async (kid) => {
    const isFresh = nowMs() - fetchedMs < KEYS_KEPT_MS
    if (isFresh && keys.has(kid)) return keys.get(kid)
    const waitMs = isFresh ? UNKNOWN_KEY_MS : FAILED_MS
    if (fetching === undefined && nowMs() - triedMs >= waitMs)
      fetching = refresh().finally(() => void (fetching = undefined))
    if (fetching === undefined && !isFresh) throw new ContextError('The keys for context headers are not there yet.')
    await fetching
    return keys.get(kid)
  }
}

async function fetchKeys(url) {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS_MAX) })
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    const { keys } = await answer.json()
    const usable = keys.filter(({ kty, crv, kid }) => kty === 'EC' && crv === 'P-256' && typeof kid === 'string')
    return new Map(usable.slice(0, KEYS_MAX).map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]))
  } catch (cause) {
    throw new ContextError(`The keys for context headers cannot be fetched from ${url}.`, { cause })
  }
}
