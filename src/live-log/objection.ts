import { admit, type AdmissionServices } from '../admission/admit.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import type { Clock } from '../clock.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { Visit } from '../front-door/visit.ts'
import type { TenantDirectory } from '../tenants/resolve.ts'
import type { Ending } from './tail.ts'

export interface ObjectionServices {
  admission: AdmissionServices
  catalogs: Catalogs
  tenants: TenantDirectory
  nowMs: Clock
  contextOf: ContextOf
}

/** The request that opened a stream. */
export interface Opening {
  visit: Visit
  host: string
  method: string
  authorization: string | undefined
}

/** Passes the gates again as the request did that opened the stream. Undefined while it still would. */
export async function objectionTo(
  { admission, catalogs, tenants, nowMs, contextOf }: ObjectionServices,
  { visit, host, method, authorization }: Opening,
): Promise<Ending | undefined> {
  const site = await tenants.resolve(host)
  if (!site || site.tenant.isSuspended || site.tenant.id !== visit.site.tenant.id)
    return { code: 'tenant.suspended', message: 'This tenant is suspended. Ask its operator.' }
  const now = { ...visit, site, nowMs: nowMs() }
  const operations = await catalogs.find(contextOf(now).db, site.tenant.id)
  const { target } = findOperation(operations, method, visit.path)
  const services = { ...admission, rates: unlimited }
  const { decision } = await admit(services, { visit: now, authorization, experimental: undefined, target })
  return decision.reason ?? undefined
}

/** The rate is that of requests, and this is none. */
const unlimited: AdmissionServices['rates'] = { admit: () => ({ allowed: true }) }
