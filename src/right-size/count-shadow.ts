import type { Admission } from '../admission/admit.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { Visit } from '../front-door/visit.ts'
import type { UsageCounter } from '../usage/usage-counter.ts'
import { allows, narrowedTo } from './principal.ts'
import type { ShadowScopes, ShadowsOfTenant } from './shadow-scopes.ts'

export interface ShadowServices {
  shadowScopes: ShadowScopes
  usage: UsageCounter
  contextOf: ContextOf
}

/** Counts a call that passed where the shadow scope of its credential would have refused it. Nobody waits for it. */
export function countShadow(services: ShadowServices, visit: Visit, admission: Admission): void | Promise<void> {
  const { id } = visit.site.tenant
  const known = services.shadowScopes.peek(id)
  if (known) return countAgainst(services, known, { visit, admission })
  const { db } = services.contextOf(visit)
  return services.shadowScopes.find(db, id).then((shadows) => countAgainst(services, shadows, { visit, admission }))
}

function countAgainst(
  { usage }: ShadowServices,
  shadows: ShadowsOfTenant,
  { visit, admission }: { visit: Visit; admission: Admission },
): void {
  if (shadows.size === 0) return
  const { authentication, target } = admission.question
  if (!('principal' in authentication) || target === null || !('operation' in target)) return
  const { principal } = authentication
  const shadow = shadows.get(principal.clientId)
  if (!shadow || allows(principal, narrowedTo(shadow, principal.scopes), target)) return
  usage.countShadowRefusal({ tenantId: visit.site.tenant.id, clientId: principal.clientId }, target.operation)
}
