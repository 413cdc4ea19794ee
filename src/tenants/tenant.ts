import { fromStoredJson } from '../database/stored-json.ts'
import type { TenantRow } from '../database/schema.ts'
import { completeSettings, type TenantSettings } from './settings.ts'

/** An organisation; `name` is the `org` of its tokens and the first label of its hosts. */
export interface Tenant {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly isDefault: boolean
  readonly vanityDomain: string | null
  readonly isSuspended: boolean
  readonly epoch: number
  readonly settings: TenantSettings
}

export function tenantFromRow(row: TenantRow): Tenant {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    isDefault: row.is_default === 1,
    vanityDomain: row.vanity_domain,
    isSuspended: row.state !== 'active',
    epoch: row.epoch,
    settings: completeSettings(fromStoredJson(row.settings)),
  }
}
