import type { ServerResponse } from 'node:http'
import { recordAudit } from '../audit/record.ts'
import type { RequestContext } from '../request-context.ts'
import { NORMAL_FAILURES, type SignInServices } from './sign-in-services.ts'

/** Thrown when a network has to wait because the tenant is under attack; nothing was counted or hashed. */
export class SlowedDown extends Error {
  override readonly name = 'SlowedDown'
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('too many passwords of this tenant are being guessed')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Of one network a minute, under attack: enough for a person, and a tenth of what it has otherwise. */
const FAILURES_UNDER_ATTACK = 3

/**
 * While a tenant is under attack, networks may fail less often; nobody is kept out who did not fail, nor on a device
 * that they are known by. @throws SlowedDown.
 */
export function requireCalm(services: SignInServices, { tenantId, network }: RequestContext, deviceId?: string): void {
  if (deviceId !== undefined || !services.surge.isOn(tenantId)) return
  const verdict = services.failures.check(tenantId, network, FAILURES_UNDER_ATTACK)
  if (verdict.allowed) return
  services.activity.count({ tenantId, clientId: 'sign-in', action: 'sign_in.refused', reason: 'under_attack' })
  throw new SlowedDown(verdict.retryAfterSeconds)
}

/** Counts a wrong password, for its network and its tenant. An attack that it makes known is told of once. */
export function countFailure(services: SignInServices, ctx: RequestContext, response: ServerResponse): void {
  services.failures.count(ctx.tenantId, ctx.network)
  if (services.surge.count(ctx.tenantId)) services.afterAnswer.run(response, () => tellOfAttack(services, ctx))
}

async function tellOfAttack({ log }: SignInServices, ctx: RequestContext): Promise<void> {
  const { tenantId, trackingId } = ctx
  const { requests, windowSeconds } = NORMAL_FAILURES
  log.warn({ tenantId, trackingId }, `more than ${requests} sign-ins failed within ${windowSeconds} seconds`)
  const details = { failuresMax: requests, windowSeconds }
  const about = { targetKind: 'tenant', targetId: tenantId, outcome: 'refused', details } as const
  await ctx.db.transaction().execute((tx) => recordAudit(tx, ctx, { action: 'sign_in.under_attack', ...about }))
}
