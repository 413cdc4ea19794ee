import { hash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { recordAudit } from '../audit/record.ts'
import type { SignInFacts } from '../identities/find.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { countAttempt, findLockedUntil, guardSubject } from './guard-store.ts'
import { minuteOf } from './password-notice.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'
import { attemptWithin } from './under-attack.ts'

/** A password that somebody gives for a sign-in name. */
export interface Proof {
  tenant: Tenant
  /** As it was given: the one form that is looked up, counted and written down. */
  alias: string
  /** Undefined when nobody has this name. */
  facts: SignInFacts | undefined
  /** Of `KnownDevices`: its attempts are counted apart from those of strangers, and lock it alone. */
  deviceId: string | undefined
  password: string
  texts: SignInTexts
  /** The answer under way; failures are written down behind it. */
  response: ServerResponse
}

const MINUTE_MS = 60_000
/** Names that nobody has share a few counters, so that they cost what others cost, and no more rows than this. */
const STAND_INS = 256

/**
 * True when the password is that of an identity that may sign in now. The attempt is counted before it is evaluated, in
 * a transaction of its own, so that parallel guesses cannot outrun the lock; a name that nobody has, a locked, disabled
 * or passwordless identity and a wrong password cost the same steps.
 *
 * @throws PasswordPoolFull, SlowedDown before anything is counted.
 */
export function provePassword(services: SignInServices, ctx: RequestContext, proof: Proof): Promise<boolean> {
  return attemptWithin(services, ctx, { ...proof, prove: () => evaluate(services, ctx, proof) })
}

function evaluate(services: SignInServices, ctx: RequestContext, proof: Proof): Promise<boolean> {
  const { tenant, facts, password, response } = proof
  const { maximumAttempts, lockoutWindow, lockoutDuration } = tenant.settings.lockout
  return services.passwords.run(async () => {
    const attempt = await countAttempt(ctx.db, {
      tenantId: tenant.id,
      subject: subjectOf(proof),
      nowMs: ctx.nowMs,
      attemptsMax: maximumAttempts,
      windowMs: lockoutWindow * MINUTE_MS,
      lockMs: lockoutDuration * MINUTE_MS,
    })
    const passwordHash = attempt && facts && mayHavePassword(facts) ? facts.passwordHash : null
    const isRight = await services.passwords.verify(passwordHash ?? undefined, password)
    if (!isRight) {
      const failure = { ...proof, isCounted: attempt !== undefined, isLast: attempt?.isLast ?? false }
      services.afterAnswer.run(response, () => recordFailure(services, ctx, failure))
    }
    return isRight
  })
}

const mayHavePassword = ({ isEnabled, isPerson }: SignInFacts): boolean => isEnabled && isPerson

const subjectOf = ({ facts, alias, deviceId }: Proof): string =>
  facts ? guardSubject(facts.id, deviceId) : standInFor(alias)

const standInFor = (alias: string): string =>
  `nobody-${Number.parseInt(hash('sha256', alias).slice(0, 8), 16) % STAND_INS}`

interface Failure extends Proof {
  isCounted: boolean
  isLast: boolean
}

/** Failures of an identity are events, as many as the lockout lets through; all others are only counted. */
async function recordFailure(services: SignInServices, ctx: RequestContext, failure: Failure): Promise<void> {
  const { tenant, facts, isCounted, isLast } = failure
  if (!facts || !isCounted) {
    const reason = facts ? 'locked' : 'unknown'
    services.activity.count({ tenantId: tenant.id, clientId: 'sign-in', action: 'sign_in.refused', reason })
    return
  }
  const lockedUntilMs = await ctx.db.transaction().execute(async (tx) => {
    const about = { targetKind: 'identity', targetId: facts.id, outcome: 'refused' } as const
    await recordAudit(tx, ctx, { action: 'session.refused', ...about, details: { reason: reasonOf(facts) } })
    // A right password may have unlocked it in the meantime.
    const until = isLast
      ? await findLockedUntil(tx, tenant.id, { subject: subjectOf(failure), nowMs: ctx.nowMs })
      : undefined
    if (until !== undefined)
      await recordAudit(tx, ctx, {
        action: 'identity.locked',
        ...about,
        details: { until: new Date(until).toISOString() },
      })
    return until
  })
  if (lockedUntilMs !== undefined) tellOwner(services, ctx, { ...failure, facts, lockedUntilMs })
}

function reasonOf(facts: SignInFacts): string {
  if (!facts.isEnabled) return 'identity.disabled'
  return facts.passwordHash === null || !facts.isPerson ? 'password.none' : 'password.wrong'
}

function tellOwner(
  { mails }: SignInServices,
  { network }: RequestContext,
  { tenant, facts, texts, lockedUntilMs }: Failure & { facts: SignInFacts; lockedUntilMs: number },
): void {
  if (facts.email === null) return
  const until = minuteOf(lockedUntilMs)
  mails.post({
    to: facts.email,
    subject: texts.mail.lockedSubject(tenant.displayName),
    text: texts.mail.locked({ name: facts.displayName, tenant: tenant.displayName, network, until }),
  })
}
