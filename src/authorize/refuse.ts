import { isDatabaseOutage } from '../database/outage.ts'
import type { PageAnswer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { refusalPage } from './pages/refusal-page.ts'
import { readParameters } from './parameters.ts'
import { PageRefusal, type PageReason } from './refusal.ts'
import { countRefusal, recordUnregisteredRedirect, type RedirectDifference, redirectDifferences } from './report.ts'
import { type NamedTarget, UnregisteredRedirect } from './target.ts'

/** What an error is to whoever sits at the browser. */
export function pageRefusalOf(error: unknown): PageRefusal {
  if (error instanceof PageRefusal) return error
  if (isDatabaseOutage(error)) return new PageRefusal('state.stale', { cause: error })
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  const isBadForm = typeof status === 'number' && status >= 400 && status < 500
  return new PageRefusal(isBadForm ? 'form.invalid' : 'unexpected', { cause: error })
}

const STATUSES: Partial<Record<PageReason, number>> = {
  'network.denied': 403,
  'paste.off': 404,
  unexpected: 500,
  'state.stale': 503,
}

/** Counts a refusal that no client may be told of, writes it down where that helps, and makes its page. */
export async function refuse(exchange: Exchange, refusal: PageRefusal): Promise<PageAnswer> {
  const { ctx, texts, services, visit } = exchange
  const { reason } = refusal
  const unregistered = refusal instanceof UnregisteredRedirect ? refusal : undefined
  countRefusal(services.activity, { tenantId: ctx.tenantId, clientId: unregistered?.client.id, reason })
  const differences = unregistered && (await reportUnregistered(exchange, unregistered))
  const sent = sentIn(visit.query, reason)
  return {
    ...refusalPage(texts, { reason, trackingId: ctx.trackingId, sent, differences }),
    status: STATUSES[reason] ?? 400,
  }
}

/** What was sent goes into the audit trail; what is registered, to an administrator who is signed in and nobody else. */
async function reportUnregistered(
  exchange: Exchange,
  refusal: UnregisteredRedirect,
): Promise<readonly RedirectDifference[] | undefined> {
  const { ctx, services, tenant, headers } = exchange
  const session = await services.sessions.find(ctx, tenant, headers.cookie)
  const actor = session ? exchange.contextAs(session.identity.id, '') : ctx
  await recordUnregisteredRedirect(actor, services.unregisteredRedirects, refusal)
  return session?.identity.userLevels.includes('ORG_ADMIN') ? redirectDifferences(refusal) : undefined
}

/** Only what helps whoever wrote the application. */
function sentIn(query: string, reason: PageReason): Partial<NamedTarget> {
  if (!/^(?:client|client_id|redirect_uri)\./.test(reason)) return {}
  const parameters = readParameters(query)
  const clientId = parameters.get('client_id')?.value
  const redirectUri = reason.startsWith('redirect_uri.') ? parameters.get('redirect_uri')?.value : undefined
  return { ...(clientId && { clientId }), ...(redirectUri && { redirectUri }) }
}
