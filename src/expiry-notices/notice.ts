import type { Tenant } from '../tenants/tenant.ts'
import type { ExpiringToken } from './store.ts'

/** One token that expires in so many days. */
export interface Notice {
  readonly tenant: Tenant
  readonly token: ExpiringToken
  readonly days: number
}
