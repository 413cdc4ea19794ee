import type { ChangeLog } from '../change-log/change-log.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { PublicAddress } from '../tenants/origins.ts'

/** What the routes of settings work with. */
export interface SettingsRouteOptions {
  changes: ChangeLog
  contextOf: ContextOf
  address: () => PublicAddress
  /** The name of this installation's cell. */
  pod: string
}
