import type { IncomingMessage } from 'node:http'
import { type AdmissionServices, isStillAdmitted } from '../admission/admit.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import type { Clock } from '../clock.ts'
import type { Visit } from '../front-door/visit.ts'
import type { RequestContext } from '../request-context.ts'
import type { TenantDirectory } from '../tenants/resolve.ts'

export interface RecheckServices {
  admission: AdmissionServices
  catalogs: Catalogs
  tenants: TenantDirectory
  nowMs: Clock
  contextOf: (visit: Visit) => RequestContext
}

/** Whether a request that was let through before would be let through now: its token, its tenant, its operation. */
export async function isStillAllowed(
  services: RecheckServices,
  { headers, method = '' }: IncomingMessage,
  before: Visit,
): Promise<boolean> {
  const site = await services.tenants.resolve(headers.host ?? '')
  if (!site || site.tenant.isSuspended) return false
  const visit: Visit = { ...before, site, nowMs: services.nowMs() }
  const set = await services.catalogs.find(services.contextOf(visit).db, site.tenant.id)
  return isStillAdmitted(services.admission, {
    visit,
    authorization: headers.authorization,
    experimental: headers['x-sailpoint-experimental'],
    target: findOperation(set, method, visit.path).target,
  })
}
