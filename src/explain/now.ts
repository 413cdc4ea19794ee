import { decide } from '../access/decide.ts'
import { findOperation } from '../catalogs/catalogs.ts'
import type { Asking, ExplainServices, KnownDenial } from './explain.ts'
import { principalOfToday } from './principal-of-credential.ts'
import type { Explanation } from './schemas.ts'

/**
 * The same request decided again by what holds now: catalogs, user levels, and the scope that a new token of the
 * credential would have. Undefined when nobody knows whose request it was. The rate passes: it is over by then.
 */
export async function explainNow(
  services: ExplainServices,
  asking: Asking,
  { method, path, clientId, identityId, explanation }: KnownDenial,
): Promise<Explanation['now']> {
  if (clientId === null) return undefined
  const { ctx } = asking
  const operations = await services.catalogs.find(ctx.db, ctx.tenantId)
  const { allowed, status, reason } = decide({
    authentication: await principalOfToday(services, asking, { clientId, identityId }),
    rate: { allowed: true },
    // The template of an operation matches itself.
    target: findOperation(operations, method, path).target,
    experimentalHeader: explanation.reason?.code === 'header.experimental_required' ? 'not_sent' : 'sent',
  })
  return { allowed, status, reason }
}
