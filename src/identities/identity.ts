/** A person or a machine of a tenant, with the user levels it holds. */
export interface Identity {
  readonly id: string
  /** `user_id` in tokens and answers, as a string there. */
  readonly userNumber: number
  /** The sign-in name; `user_name` in tokens. */
  readonly alias: string
  readonly displayName: string
  readonly email: string | null
  readonly kind: 'HUMAN' | 'MACHINE'
  readonly isEnabled: boolean
  readonly userLevels: readonly string[]
}
