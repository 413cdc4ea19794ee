import type { Field, Fields } from '../collections/fields.ts'

const DAY_MS = 86_400_000
export const SOON_MS = 30 * DAY_MS
export const UNUSED_MS = 90 * DAY_MS
export const OLD_SECRET_MS = 365 * DAY_MS

/** No id: ids are never empty. */
export const never = ''

/** A credential as the inventory reads it. */
export interface InventoryRow {
  id: string
  kind: string
  name: string
  owner_id: string | null
  owner_alias: string | null
  owner_name: string | null
  enabled: 0 | 1
  scope: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  /** Of the oldest secret that works. */
  secret_created_at: number | null
  live_secrets: number
  owner_disabled: 0 | 1
  never_used: 0 | 1
  unused: 0 | 1
  expiring: 0 | 1
  expired: 0 | 1
  over_broad: 0 | 1
  old_secret: 0 | 1
}

/** What is remarkable about a credential, by the name that callers see. */
export const flags = {
  ownerDisabled: 'owner_disabled',
  neverUsed: 'never_used',
  unused: 'unused',
  expiring: 'expiring',
  expired: 'expired',
  overBroad: 'over_broad',
  oldSecret: 'old_secret',
} as const satisfies Record<string, keyof InventoryRow>

const id = (column: keyof InventoryRow): Field => ({
  column: `entry.${column}`,
  kind: 'id',
  operators: ['eq', 'ne', 'in', 'pr', 'isnull'],
  isSortable: true,
})
const text = (column: keyof InventoryRow): Field => ({
  column: `entry.${column}`,
  kind: 'text',
  operators: ['eq', 'ne', 'co', 'sw', 'in', 'pr', 'isnull'],
  isSortable: true,
})
const time = (column: keyof InventoryRow): Field => ({
  column: `entry.${column}`,
  kind: 'time',
  operators: ['gt', 'ge', 'lt', 'le', 'pr', 'isnull'],
  isSortable: true,
})
const flag = (column: keyof InventoryRow): Field => ({
  column: `entry.${column}`,
  kind: 'flag',
  operators: ['eq', 'ne'],
  isSortable: true,
})

/** By what the inventory is filtered and sorted. */
export const inventoryFields: Fields = {
  id: id('id'),
  kind: id('kind'),
  name: text('name'),
  'owner.id': id('owner_id'),
  'owner.alias': text('owner_alias'),
  enabled: flag('enabled'),
  scope: { column: 'entry.scope', kind: 'list', operators: ['ca'] },
  created: time('created_at'),
  expires: time('expires_at'),
  lastUsed: time('last_used_at'),
  secretCreated: time('secret_created_at'),
  ...Object.fromEntries(Object.entries(flags).map(([name, column]) => [name, flag(column)])),
}
