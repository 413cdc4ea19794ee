/** The tokens that descend from one sign-in, at one generation. */
export interface Family {
  /** 32 hex. */
  readonly id: string
  readonly clientId: string
  readonly identityId: string
  /** What the person agreed to: no token of the family gets more. */
  readonly scope: readonly string[]
  readonly generation: number
  /** When this generation was issued, in Unix milliseconds: repeated within the grace, the rotation gives the same tokens. */
  readonly issuedAtMs: number
  /** The change-log position of its issuer. */
  readonly position: number
  readonly expiresAtMs: number
}
