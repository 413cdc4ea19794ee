import type { Visit } from '../../front-door/visit.ts'

/** An access token that is genuinely ours, alive or not. */
export interface GenuineToken {
  readonly clientId: string
  readonly jti: string
  /** Unix seconds. */
  readonly expiresAt: number
  readonly claims: Readonly<Record<string, unknown>>
}

/** Reads access tokens as the gateway does; given by whoever assembles the server, since the gates stand above. */
export interface TokenReader {
  /** The token if its signature and claims hold; whether it is still wanted is another question. */
  genuine(visit: Visit, token: string): Promise<GenuineToken | undefined>
  /** True when the gateway would accept the token now. */
  isAlive(visit: Visit, token: string): Promise<boolean>
}
