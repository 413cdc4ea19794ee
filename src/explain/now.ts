import { decide } from '../access/decide.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import type { Visit } from '../front-door/visit.ts'
import type { RequestContext } from '../request-context.ts'
import { type CredentialSources, principalOfToday } from './principal-of-credential.ts'
import type { Explanation } from './schemas.ts'

/** A request that was refused, as it was decided. */
export interface RefusedRequest {
  readonly method: string
  /** The path of the operation; of an unknown one, its shape without what could be a secret. */
  readonly path: string
  /** Whose token was refused; null when that is not known. */
  readonly clientId: string | null
  /** null in application context, and when nobody is known. */
  readonly identityId: string | null
  readonly explanation: Explanation
}

/**
 * The same request decided again by what holds now: catalogs, user levels, and the scope that a new token of the
 * credential would have. Undefined when nobody knows whose request it was. The rate passes: it is over by then.
 */
export async function explainNow(
  services: CredentialSources & { catalogs: Catalogs },
  asking: { ctx: RequestContext; visit: Visit },
  { method, path, clientId, identityId, explanation }: RefusedRequest,
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
