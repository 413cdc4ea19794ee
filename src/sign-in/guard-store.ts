import type { Database, Tx } from '../database/schema.ts'

/** Under whom attempts are counted: an identity anywhere, or on one device that it is known by, which stands apart. */
export const guardSubject = (identityId: string, deviceId: string | undefined): string =>
  deviceId === undefined ? identityId : `${identityId}${DEVICE}${deviceId}`

/** What ids, of hexadecimal digits, do not have, and the character after it. */
const [DEVICE, AFTER_DEVICE] = ['.', '/']

/** One attempt to be counted, and the tenant's limits at present. */
export interface Attempt {
  tenantId: string
  /** `guardSubject`, or the stand-in for names that nobody has. */
  subject: string
  nowMs: number
  attemptsMax: number
  windowMs: number
  lockMs: number
}

/**
 * Counts an attempt in one statement, before its password is looked at; undefined when the subject is locked. Answers
 * whether this attempt was the last one: it locks at once, and only its success unlocks.
 */
export async function countAttempt(db: Database, attempt: Attempt): Promise<{ isLast: boolean } | undefined> {
  const { tenantId, subject, nowMs, attemptsMax, windowMs, lockMs } = attempt
  const lockedUntil = nowMs + lockMs
  const row = await db
    .insertInto('sign_in_guard')
    .values({
      tenant_id: tenantId,
      identity_id: subject,
      failures: 1,
      window_started_at: nowMs,
      locked_until: attemptsMax <= 1 ? lockedUntil : null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'identity_id'])
        .doUpdateSet((eb) => {
          const startsAnew = eb.or([
            eb('sign_in_guard.window_started_at', '<=', nowMs - windowMs),
            eb('sign_in_guard.locked_until', 'is not', null),
          ])
          const failures = eb
            .case()
            .when(startsAnew)
            .then(1)
            .else(eb('sign_in_guard.failures', '+', 1))
            .end()
          return {
            failures,
            window_started_at: eb
              .case()
              .when(startsAnew)
              .then(eb.cast<number>(eb.val(nowMs), 'bigint'))
              .else(eb.ref('sign_in_guard.window_started_at'))
              .end(),
            locked_until: eb
              .case()
              .when(failures, '>=', attemptsMax)
              .then(eb.cast<number>(eb.val(lockedUntil), 'bigint'))
              .else(null)
              .end(),
          }
        })
        .where((eb) =>
          eb.or([eb('sign_in_guard.locked_until', 'is', null), eb('sign_in_guard.locked_until', '<=', nowMs)]),
        ),
    )
    .returning('locked_until')
    .executeTakeFirst()
  return row && { isLast: row.locked_until !== null }
}

/** When the lock on a subject ends, in Unix milliseconds; undefined when it is not locked. */
export async function findLockedUntil(
  tx: Tx,
  tenantId: string,
  { subject, nowMs }: { subject: string; nowMs: number },
): Promise<number | undefined> {
  const row = await tx
    .selectFrom('sign_in_guard')
    .select('locked_until')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', subject)
    .where('locked_until', '>', nowMs)
    .executeTakeFirst()
  return row?.locked_until ?? undefined
}

/** Forgets the failures of a subject, and unlocks it. */
export async function deleteGuardRow(tx: Tx, tenantId: string, subject: string): Promise<void> {
  await tx.deleteFrom('sign_in_guard').where('tenant_id', '=', tenantId).where('identity_id', '=', subject).execute()
}

/** The same for an identity and all its devices. */
export async function deleteGuardRowsOf(tx: Tx, tenantId: string, identityId: string): Promise<void> {
  await tx
    .deleteFrom('sign_in_guard')
    .where('tenant_id', '=', tenantId)
    .where((eb) =>
      eb.or([
        eb('identity_id', '=', identityId),
        eb.and([
          eb('identity_id', '>', `${identityId}${DEVICE}`),
          eb('identity_id', '<', `${identityId}${AFTER_DEVICE}`),
        ]),
      ]),
    )
    .execute()
}
