import { fromStoredJson } from '../database/stored-json.ts'
import type { PersonalAccessTokenRow } from '../database/schema.ts'

/** Client id and secret that act as their owner. */
export interface PersonalAccessToken {
  readonly id: string
  readonly ownerId: string
  readonly name: string
  readonly scope: readonly string[]
  readonly accessTokenValiditySeconds: number
  /** Unix milliseconds; null when it never expires. */
  readonly expiresAtMs: number | null
}

export const personalAccessTokenFromRow = (row: PersonalAccessTokenRow): PersonalAccessToken => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  scope: fromStoredJson(row.scope),
  accessTokenValiditySeconds: row.access_token_validity_seconds,
  expiresAtMs: row.expires_at,
})

/** Access tokens of a personal access token live twelve hours unless it says less. */
export const ACCESS_TOKEN_SECONDS = 43_200

/** ISC lets nobody hold more. */
export const PERSONAL_ACCESS_TOKENS_PER_OWNER = 10
