/** The part of autocannon that harness/load.ts and gateway/load.ts use; the package brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  export interface Options {
    url: string
    method?: string
    headers?: Record<string, string>
    body?: string
    connections: number
    duration?: number
    amount?: number
    sampleInt: number
    setupClient: (client: EventEmitter) => void
  }

  /** What `setupClient` is given. */
  export interface Client extends EventEmitter {
    setRequests: (requests: readonly { method: string; path: string; headers: Record<string, string> }[]) => void
  }

  export interface Result {
    errors: number
    timeouts: number
    statusCodeStats: Record<string, { count: number }>
  }

  export interface Instance extends EventEmitter {
    stop: () => void
  }

  export default function autocannon(options: Options, done: (error: Error | null, result: Result) => void): Instance
}
