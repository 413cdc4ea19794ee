import type { ChangeLog } from '../change-log/change-log.ts'
import type { Visit } from '../front-door/visit.ts'
import type { Actor, RequestContext } from '../request-context.ts'
import type { PublicAddress } from '../tenants/origins.ts'

/** What the routes of settings work with. */
export interface SettingsRouteOptions {
  changes: ChangeLog
  contextOf: (visit: Visit, actor?: Actor) => RequestContext
  address: () => PublicAddress
  /** The name of this installation's cell. */
  pod: string
}
