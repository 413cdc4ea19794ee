type Flag = 0 | 1

/** A browser in which an identity is signed in. */
export interface SessionTable {
  tenant_id: string
  /** SHA-256 (hex) of the id that the cookie holds: the database cannot sign anybody in. */
  digest: string
  identity_id: string
  authenticated_at: number
  last_seen_at: number
  /** The tenant's idle limit as it was at sign-in, in milliseconds. */
  idle_ms: number
  expires_at: number
  is_remembered: Flag
  issued_position: number
}

/** Failed passwords of an identity within the lockout window. */
export interface SignInGuardTable {
  tenant_id: string
  identity_id: string
  failures: number
  window_started_at: number
  locked_until: number | null
}

/** A link by which a password may be set once. */
export interface PasswordResetTable {
  tenant_id: string
  digest: string
  identity_id: string
  created_at: number
  expires_at: number
  used_at: number | null
}

/** That an identity agreed to a client acting for it with a scope. */
export interface ConsentTable {
  tenant_id: string
  identity_id: string
  client_id: string
  scope: string
  granted_at: number
}

export interface AuthorizationCodeTable {
  tenant_id: string
  /** SHA-256 (hex) of the code. */
  digest: string
  /** The authorization request that it answers: one request gets one code. */
  interaction_id: string
  client_id: string
  identity_id: string
  redirect_uri: string
  scope: string
  code_challenge: string | null
  issued_position: number
  created_at: number
  expires_at: number
  /** When it was exchanged, or burnt; the row stays as evidence, to recognise a replay by. */
  used_at: number | null
  /** The family of tokens that the exchange began. */
  family_id: string | null
}

/** All tokens that descend from one sign-in: rotated in place, so that older generations prove their own reuse. */
export interface RefreshFamilyTable {
  tenant_id: string
  id: string
  client_id: string
  identity_id: string
  scope: string
  generation: number
  rotated_at: number
  /** The change-log position of the latest rotation. */
  issued_position: number
  created_at: number
  expires_at: number
  revoked_at: number | null
}
