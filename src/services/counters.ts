import { ActivityCounter } from '../audit/activity.ts'
import { CredentialUses } from '../credentials/uses.ts'
import { DenialLog } from '../denials/denial-log.ts'
import type { ExplainServices } from '../explain/explain.ts'
import type { Installation } from '../installation.ts'
import { UsageCounter } from '../usage/usage-counter.ts'
import type { ErrorLog } from './error-log.ts'

/** What is counted or noted in memory, and written each second. */
export interface Counters {
  activity: ActivityCounter
  usage: UsageCounter
  denials: DenialLog
  uses: CredentialUses
  /** Writes what was counted so far of the use of credentials. */
  flushUsage: () => Promise<unknown>
  findDenial: ExplainServices['findDenial']
}

export function makeCounters({ database, nowMs }: Installation, log: ErrorLog): Counters {
  const optionsFor = (what: string) => ({
    databaseOf: (tenantId: string) => database.forTenant(tenantId),
    nowMs,
    onError: (err: unknown) => log.error({ err }, `${what} could not be written; it is kept for the next try`),
  })
  const usage = new UsageCounter(optionsFor('usage'))
  const denials = new DenialLog(optionsFor('refusals'))
  const uses = new CredentialUses(optionsFor('the last use of credentials'))
  return {
    activity: new ActivityCounter(optionsFor('activity')),
    usage,
    denials,
    uses,
    flushUsage: () => Promise.all([usage.flush(), uses.flush()]),
    findDenial: (...wanted) => denials.find(...wanted),
  }
}
