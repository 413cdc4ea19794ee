import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'

/** The process's metrics in Prometheus' text format. Labels are actions and reason codes: never ids, names or secrets. */
export function makeMetrics({ activity, changes }: { activity: ActivityCounter; changes: ChangeLog }): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Counter({
    name: 'sallyport_activity_total',
    help: 'Tokens minted, token requests refused and requests refused, by reason',
    labelNames: ['action', 'reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { action, reason, count } of activity.totals()) this.inc({ action, reason }, count)
    },
  })
  new Gauge({
    name: 'sallyport_change_log_position',
    help: 'Position in the change log up to which this process has applied every change',
    registers: [registry],
    collect() {
      this.set(changes.position)
    },
  })
  new Gauge({
    name: 'sallyport_change_log_fresh',
    help: '1 while this process knows every change that is older than the allowed staleness',
    registers: [registry],
    collect() {
      this.set(changes.isFresh ? 1 : 0)
    },
  })
  return registry
}
