import { recordAudit } from '../audit/record.ts'
import type { Database, Tx } from '../database/schema.ts'
import { isCliClientId } from '../oauth-clients/cli-clients.ts'
import { isUnprovenReceiver } from '../oauth/redirect-match.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { findConsentedScope, saveConsentedScope } from './consent-store.ts'
import type { ProvenTarget } from './target.ts'

/** That an identity lets a client act for it. */
export interface Grant {
  target: ProvenTarget
  identityId: string
  scope: readonly string[]
}

/**
 * True when the person must be asked: for PUBLIC clients, until they agreed to as much; for those whose receiver nothing
 * proves, each time (RFC 8252 §8.6). For a CONFIDENTIAL client its administrator agreed.
 */
export async function needsConsent(
  db: Database,
  tenantId: string,
  { target, identityId, scope }: Grant,
): Promise<boolean> {
  const { client } = target
  if (client.type === 'CONFIDENTIAL') return false
  if (!mayBeRemembered(target)) return true
  return !covers(await findConsentedScope(db, tenantId, { identityId, clientId: client.id }), scope)
}

/** Records a consent within the caller's transaction, and remembers it where that saves asking again. */
export async function recordConsent(tx: Tx, ctx: RequestContext, { target, identityId, scope }: Grant): Promise<void> {
  const { client } = target
  if (client.type === 'PUBLIC' && mayBeRemembered(target)) {
    const key = { identityId, clientId: client.id }
    const before = await findConsentedScope(tx, ctx.tenantId, key)
    const held = covers(before, scope) ? before : covers(scope, before) ? scope : [...new Set([...before, ...scope])]
    await saveConsentedScope(tx, ctx.tenantId, { ...key, scope: held, nowMs: ctx.nowMs })
  }
  await recordAudit(tx, ctx, {
    action: 'consent.granted',
    targetKind: 'oauth_client',
    targetId: client.id,
    details: { identityId, scope },
  })
}

/** A command line's client is whichever program uses its id, wherever its code is pasted. */
const mayBeRemembered = ({ client, redirectUri }: ProvenTarget): boolean =>
  !isUnprovenReceiver(redirectUri) && !isCliClientId(client.id)

const covers = (held: readonly string[], scope: readonly string[]): boolean =>
  held.includes(SCOPE_ALL) || scope.every((one) => held.includes(one))
