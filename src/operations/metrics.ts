import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import { describeUpstreams, type UpstreamSource } from './upstream-metrics.ts'

export interface MetricSources {
  activity: Pick<ActivityCounter, 'totals'>
  changes: Pick<ChangeLog, 'position' | 'isFresh'>
  droppedLogLines: () => number
  droppedConnections: () => number
  upstreams: UpstreamSource
}

/**
 * The process's metrics in Prometheus' text format. Labels are actions, reason codes and origins of upstreams: never
 * ids, names or secrets.
 */
export function makeMetrics({ activity, changes, upstreams, ...dropped }: MetricSources): Registry {
  const { droppedLogLines, droppedConnections } = dropped
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
  countFrom(registry, droppedLogLines, {
    name: 'sallyport_log_lines_dropped_total',
    help: 'Log lines that were lost because standard output was closed, full or not read',
  })
  countFrom(registry, droppedConnections, {
    name: 'sallyport_connections_dropped_total',
    help: 'Connections turned away because as many were open as the process can hold',
  })
  describeUpstreams(registry, upstreams)
  return registry
}

/** A counter whose value is kept elsewhere. */
function countFrom(registry: Registry, total: () => number, about: { name: string; help: string }): void {
  new Counter({
    ...about,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(total())
    },
  })
}
