import { fromStoredJson } from '../database/stored-json.ts'
import type { UserLevelRow } from '../database/schema.ts'

/** How many custom levels a tenant may have, as in ISC. */
export const USER_LEVELS_PER_TENANT = 100

/** A user level that an administrator composed of right sets. A draft cannot be assigned and grants nothing. */
export interface CustomUserLevel {
  /** A UUID; what identities hold, and `authorities` in tokens name. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly ownerId: string
  readonly rightSets: readonly string[]
  readonly status: 'DRAFT' | 'ACTIVE'
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

export const userLevelFromRow = (row: Omit<UserLevelRow, 'slot' | 'folded_name'>): CustomUserLevel => ({
  id: row.id,
  name: row.name,
  description: row.description,
  ownerId: row.owner_id,
  rightSets: fromStoredJson<string[]>(row.right_sets),
  status: row.status,
  createdAtMs: row.created_at,
  modifiedAtMs: row.modified_at,
})

/** Custom levels have UUIDs; whatever else names a level is built in, or a catalog's. */
export const isCustomLevelId = (level: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(level)
