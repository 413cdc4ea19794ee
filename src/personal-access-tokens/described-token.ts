import { fromStoredJson } from '../database/stored-json.ts'
import type { PersonalAccessTokenRow } from '../database/schema.ts'

/** A token as lists tell of it. */
export interface DescribedToken {
  readonly id: string
  readonly name: string
  readonly scope: readonly string[]
  readonly ownerId: string
  readonly ownerName: string
  readonly createdAtMs: number
  /** As ISC tells it, moved on once a day; null before the first use. */
  readonly lastUsedAtMs: number | null
  /** Made by the platform for its owner. */
  readonly isManaged: boolean
  readonly accessTokenValiditySeconds: number
  /** Unix milliseconds; null for never. */
  readonly expiresAtMs: number | null
  readonly isNeverAcknowledged: boolean
}

/** A row of a list: a token, the name of its owner and its last use. */
export type DescribedRow = Omit<PersonalAccessTokenRow, 'slot'> & {
  owner_name: string | null
  last_used_at: number | null
}

export const describedFromRow = (row: DescribedRow): DescribedToken => ({
  id: row.id,
  name: row.name,
  scope: fromStoredJson(row.scope),
  ownerId: row.owner_id,
  ownerName: row.owner_name ?? '',
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
  isManaged: row.managed === 1,
  accessTokenValiditySeconds: row.access_token_validity_seconds,
  expiresAtMs: row.expires_at,
  isNeverAcknowledged: row.never_expires_acknowledged === 1,
})
