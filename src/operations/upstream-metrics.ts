import { Counter, Gauge, type Registry } from 'prom-client'
import type { Upstreams, UpstreamState } from '../gateway/upstreams.ts'

export interface UpstreamSource {
  states: Upstreams['states']
  tunnels: { readonly open: number }
}

const OUTCOMES = ['answered', 'unavailable', 'timeout', 'spared', 'repeated'] as const

/** Adds how each upstream is doing, by its origin. */
export function describeUpstreams(registry: Registry, { states, tunnels }: UpstreamSource): void {
  new Counter({
    name: 'sallyport_upstream_requests_total',
    help: 'Requests to an upstream by what came of them; spared: not tried; repeated: sent a second time',
    labelNames: ['upstream', 'outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const state of states())
        for (const outcome of OUTCOMES) this.inc({ upstream: state.origin, outcome }, state[outcome])
    },
  })
  gauge('sallyport_upstream_spared', '1 while an upstream is not tried, because it could not be reached', (state) =>
    state.isSpared ? 1 : 0,
  )
  gauge('sallyport_upstream_connections', 'Open connections to an upstream', ({ connections }) => connections)
  gauge('sallyport_upstream_waiting', 'Requests that wait for a connection to an upstream', ({ waiting }) => waiting)
  new Gauge({
    name: 'sallyport_tunnels_open',
    help: 'WebSocket connections through the gateway',
    registers: [registry],
    collect() {
      this.set(tunnels.open)
    },
  })

  function gauge(name: string, help: string, valueOf: (state: UpstreamState) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['upstream'],
      registers: [registry],
      collect() {
        this.reset()
        for (const state of states()) this.inc({ upstream: state.origin }, valueOf(state))
      },
    })
  }
}
