import type { ActivityCounter } from '../audit/activity.ts'
import { recordAudit } from '../audit/record.ts'
import type { SlidingWindow } from '../rate-limits/sliding-window.ts'
import type { RequestContext } from '../request-context.ts'
import { describeDifference, differenceOf, type Stretch } from './difference.ts'
import type { UnregisteredRedirect } from './target.ts'

/** Strangers can send any redirect URI: so many a client are written down in full, the rest is counted. */
const WRITTEN = { requests: 10, windowSeconds: 3600 }

/** How a redirect URI differs from one that is registered. */
export interface RedirectDifference {
  readonly registered: string
  readonly stretches: readonly Stretch[]
}

/** The difference to each registered redirect URI, the nearest first. */
export function redirectDifferences({ registered, sent }: UnregisteredRedirect): RedirectDifference[] {
  return registered
    .map((uri) => ({ registered: uri, stretches: differenceOf(sent, uri) }))
    .sort((a, b) => differing(a) - differing(b))
}

const differing = ({ stretches }: RedirectDifference): number =>
  stretches.reduce((sum, { kind, text }) => (kind === 'same' ? sum : sum + text.length), 0)

const UNKNOWN = 'unknown'

/** Counts a refused authorization request. Ids that are nobody's are counted together. */
export function countRefusal(
  activity: ActivityCounter,
  { tenantId, clientId = UNKNOWN, reason }: { tenantId: string; clientId?: string | undefined; reason: string },
): void {
  activity.count({ tenantId, clientId, action: 'authorization.refused', reason })
}

const SENT_MAX = 2048

/** Writes down, within bounds, what an application got wrong about its redirect URI. */
export async function recordUnregisteredRedirect(
  ctx: RequestContext,
  written: SlidingWindow,
  refusal: UnregisteredRedirect,
): Promise<void> {
  const { client, reason, sent } = refusal
  if (!written.admit(`${ctx.tenantId} ${client.id}`, WRITTEN).allowed) return
  const [nearest] = redirectDifferences(refusal)
  await ctx.db.transaction().execute((tx) =>
    recordAudit(tx, ctx, {
      action: 'authorization.refused',
      targetKind: 'oauth_client',
      targetId: client.id,
      outcome: 'refused',
      details: {
        reason,
        redirectUri: sent.slice(0, SENT_MAX),
        difference: nearest && describeDifference(nearest.stretches).slice(0, 2 * SENT_MAX),
      },
    }),
  )
}
