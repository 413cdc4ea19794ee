/** Who is calling, as the gateway states it. */
export interface Caller {
  /** The identity, or the client in application context. */
  readonly sub: string
  readonly context: 'user' | 'application'
  readonly client_id: string
  /** In user context only. */
  readonly identity_id?: string
  /** The user levels that the identity holds. */
  readonly authorities: readonly string[]
  readonly scope: readonly string[]
  readonly tenant_id: string
  readonly org: string
  readonly iss: string
  readonly aud: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly token_use: 'context'
}

export interface VerifierOptions {
  /** The tenant's API origin, such as `https://acme.api.example.com`. */
  issuer: string
  /** The origin of this upstream as the gateway's catalog names it, such as `http://127.0.0.1:9000`. */
  audience: string
  /** Where the keys are; by default `/oauth/context-jwks` of the issuer. */
  jwksUrl?: string
  /** Seconds by which the clocks may differ; 5 by default. */
  clockToleranceSeconds?: number
  /** Milliseconds since 1970; the clock of the machine by default. */
  nowMs?: () => number
}

/** Why a header was not accepted. The message is for a log, not for the caller. */
export class ContextError extends Error {}

/**
 * Makes a function that verifies the value of a `Sallyport-Context` header and answers who is calling. It throws a
 * `ContextError` for whatever the gateway did not say to this upstream just now, and for keys that cannot be fetched.
 */
export function createVerifier(options: VerifierOptions): (header: unknown) => Promise<Caller>
