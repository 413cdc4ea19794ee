const MAX_TOKEN_LENGTH = 65_536

/** Something that JSON calls an object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The two readable parts of a JWT (RFC 7519 §3); nothing about them is verified. */
export interface DecodedToken {
  readonly header: JsonObject
  readonly claims: JsonObject
}

/** Takes a JWT apart without verifying it; undefined when it is none. */
export function decodeToken(token: string): DecodedToken | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined
  const [headerPart, claimsPart, signature, ...rest] = token.split('.')
  if (headerPart === undefined || claimsPart === undefined || signature === undefined || rest.length > 0)
    return undefined
  const header = decodePart(headerPart)
  const claims = decodePart(claimsPart)
  return header === undefined || claims === undefined ? undefined : { header, claims }
}

/** A claim that is text; undefined when it is absent or something else. */
export function textClaim(claims: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** The person a token stands for, by name or id; undefined in application context. */
export function userOf(claims: JsonObject): string | undefined {
  return textClaim(claims, 'user_name') ?? textClaim(claims, 'identity_id')
}

/** Whom a token stands for, in words that follow "The token ...". */
export function describeBearer({ claims }: DecodedToken): string {
  const client = textClaim(claims, 'client_id') ?? 'an unknown client'
  const user = userOf(claims)
  const scopes = Array.isArray(claims['scope']) ? claims['scope'].join(' ') : textClaim(claims, 'scope')
  const context = user === undefined ? 'in application context, without a user' : `in user context, as ${user}`
  return `belongs to client ${client}, ${context}, with ${scopes ? `the scopes ${scopes}` : 'no scopes'}`
}

/** Is this an object as JSON has them: no list, not null? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function decodePart(part: string): JsonObject | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
