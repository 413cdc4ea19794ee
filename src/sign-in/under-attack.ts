import type { ServerResponse } from 'node:http'
import { recordAudit } from '../audit/record.ts'
import type { RequestContext } from '../request-context.ts'
import { PasswordPoolFull } from './password-pool.ts'
import { NORMAL_FAILURES, type SignInServices } from './sign-in-services.ts'

/** Thrown when a network has to wait because it failed too often; nothing was counted or hashed. */
export class SlowedDown extends Error {
  override readonly name = 'SlowedDown'
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('too many sign-ins of this network failed')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Of one network a minute, under attack: enough for a person, and a tenth of what it has otherwise. */
const FAILURES_UNDER_ATTACK = 3

/** An attempt to be made: `prove` tells whether the password was right. */
export interface LimitedAttempt {
  /** Of `KnownDevices`: it has a counter of its own, and the limit of its network is not asked. */
  deviceId: string | undefined
  response: ServerResponse
  prove: () => Promise<boolean>
}

/**
 * Makes an attempt when its network may fail once more, also if all that it has under way fails. While a tenant is under
 * attack it may fail less often; nobody is kept out who did not fail, nor on a device that they are known by.
 *
 * @throws SlowedDown, or PasswordPoolFull when the network has to wait for its own attempts.
 */
export async function attemptWithin(
  services: SignInServices,
  ctx: RequestContext,
  { deviceId, response, prove }: LimitedAttempt,
): Promise<boolean> {
  const isReserved = deviceId === undefined
  if (isReserved) reserve(services, ctx)
  try {
    const isRight = await prove()
    if (!isRight) countFailure(services, ctx, response)
    return isRight
  } finally {
    if (isReserved) services.failures.release(ctx.tenantId, ctx.network)
  }
}

function reserve({ surge, failures, activity }: SignInServices, { tenantId, network }: RequestContext): void {
  const isUnderAttack = surge.isOn(tenantId)
  const failuresMax = isUnderAttack ? FAILURES_UNDER_ATTACK : undefined
  if (failures.reserve(tenantId, network, failuresMax)) return
  if (isUnderAttack)
    activity.count({ tenantId, clientId: 'sign-in', action: 'sign_in.refused', reason: 'under_attack' })
  const verdict = failures.check(tenantId, network, failuresMax)
  throw verdict.allowed
    ? new PasswordPoolFull('too many people of one network sign in at once')
    : new SlowedDown(verdict.retryAfterSeconds)
}

/** Counts a wrong password, for its network and its tenant. An attack that it makes known is told of once. */
function countFailure(services: SignInServices, ctx: RequestContext, response: ServerResponse): void {
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
