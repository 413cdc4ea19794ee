/** Does a token stand for an identity, or for a client alone? */
export type TokenContext = 'user' | 'application'

/** What an operation demands, read from an OpenAPI document (`design`: the operation policy). */
export interface OperationPolicy {
  /** Served to anybody, whatever bearer is sent (`security: [{}]`). */
  readonly isPublic: boolean
  /** Any valid token will do: the document names no security, or an empty list by slip. */
  readonly isAnyToken: boolean
  /** Scopes of which a user-context token needs one; empty when none is needed; null when user tokens are not accepted. */
  readonly userScopes: readonly string[] | null
  /** The same for application-context tokens. */
  readonly applicationScopes: readonly string[] | null
  /** User levels as the document names them, `Any` and `USER` included; empty when it names none. */
  readonly userLevels: readonly string[]
  /** Callers must send `X-SailPoint-Experimental: true`. */
  readonly isExperimental: boolean
  /** Why this policy is assumed rather than declared, in a short sentence; null when declared. */
  readonly assumed: string | null
}

/** A method and a templated path of a catalog, with its policy. */
export interface Operation {
  /** Name of the catalog it came from; `sallyport` for our own routes. */
  readonly catalog: string
  /** First path segment if it is a known API version (`v3`, `beta`, `v2025` ...), `v1` for `/{resource}/v1`, else `other`. */
  readonly version: string
  /** Upper case. */
  readonly method: string
  /** The whole templated path as served, catalog prefix included: `/v3/sources/{id}`. */
  readonly path: string
  readonly operationId: string | null
  readonly summary: string | null
  readonly isDeprecated: boolean
  readonly policy: OperationPolicy
}

/** Who asks: what a verified token stands for, with the levels its identity holds now. */
export interface Principal {
  readonly context: TokenContext
  readonly clientId: string
  /** Scopes of the token, as issued. */
  readonly scopes: readonly string[]
  readonly identityId: string | null
  /** Names or ids of the user levels the identity holds now; empty in application context. */
  readonly userLevels: readonly string[]
  /** Scopes that the identity's custom user levels grant; empty without custom levels. */
  readonly customLevelScopes: readonly string[]
}
