/** What an application is registered as. */
export interface Registration {
  /** The server's address, which is also its issuer. */
  server: string
  clientId: string
  /** Undefined for PUBLIC clients. */
  clientSecret?: string
  redirectUri: string
}

/** The tokens that an application keeps. */
export interface Tokens {
  accessToken: string
  refreshToken?: string | undefined
}

/** A sign-in under way: where the browser is sent, and what is done with the answer that it brings back. */
export interface SignIn {
  authorizationUrl: string | URL
  finish: (callback: URL) => Promise<Tokens>
}

/** An application made with a library; what the library has no function for is left out. */
export interface Application {
  signIn: () => Promise<SignIn>
  refresh: (tokens: Tokens) => Promise<Tokens>
  revoke?: (tokens: Tokens) => Promise<void>
  /** Whether the server takes a token for one of its own that is in force (RFC 7662). */
  isActive?: (tokens: Tokens) => Promise<boolean>
  clientCredentials?: () => Promise<Tokens>
}

/** A library in its ordinary configuration. */
export interface OauthLibrary {
  name: string
  /** What of the answer it compares by itself with what was asked for. */
  compares: readonly ('state' | 'iss')[]
  open: (registration: Registration) => Promise<Application>
}
