import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Undici from 'undici'
import { LRUCache } from 'lru-cache'
import type { Pool } from 'undici'
import type { Upstream } from '../catalogs/catalog.ts'
import type { Clock } from '../clock.ts'
import { Circuit } from './circuit.ts'
import { Tunnels } from './tunnels.ts'

export type HttpUpstream = Extract<Upstream, { kind: 'http' }>

/** What came of the requests to one upstream since the pool of its connections was opened. */
export interface UpstreamCounts {
  answered: number
  /** It could not be reached, or broke off. */
  unavailable: number
  timeout: number
  /** Not tried, because it was not reachable a moment before. */
  spared: number
  /** Sent a second time, on a new connection. */
  repeated: number
}

/** A pool of connections to an upstream, and where in it the document's paths begin. */
export interface Connected {
  readonly pool: Pool
  readonly origin: string
  /** The path of the upstream's URL, without a trailing slash. */
  readonly basePath: string
  readonly upstream: HttpUpstream
  /** PEM of the authorities that its certificate must come from, if not those of the system. */
  readonly ca: Buffer | undefined
  /** How long a request may wait for a connection, in milliseconds. */
  readonly queueMsMax: number
  readonly circuit: Circuit
  readonly counts: UpstreamCounts
}

/** An upstream that failed a request, for the log: no path, header or body. */
export interface UpstreamFailure {
  readonly upstream: string
  readonly code: string
  readonly trackingId: string
}

export interface UpstreamsOptions {
  readonly monotonicMs: Clock
  readonly onFailure: (failure: UpstreamFailure) => void
}

/** How one upstream is, for metrics. */
export interface UpstreamState extends UpstreamCounts {
  readonly origin: string
  readonly isSpared: boolean
  readonly connections: number
  readonly waiting: number
}

/** Large, and needed by those alone whose catalogs have upstreams: it is loaded with the first, in one go. */
const loadUndici = () => createRequire(import.meta.url)('undici') as typeof Undici

const POOLS_MAX = 500
const CONNECTIONS_PER_POOL = 128

/** Keeps connections to each upstream alive, whichever catalogs share it. */
export class Upstreams {
  readonly monotonicMs: Clock
  readonly tunnels = new Tunnels()
  readonly #onFailure: UpstreamsOptions['onFailure']
  readonly #pools = new LRUCache<string, Connected>({
    max: POOLS_MAX,
    dispose: ({ pool }) => void pool.close().catch(() => {}),
  })
  /** The same by the object that a catalog holds, which is one while the catalog stays as it is. */
  readonly #byObject = new WeakMap<HttpUpstream, Connected>()

  constructor({ monotonicMs, onFailure }: UpstreamsOptions) {
    this.monotonicMs = monotonicMs
    this.#onFailure = onFailure
  }

  connect(upstream: HttpUpstream): Connected {
    const known = this.#byObject.get(upstream)
    if (known && !known.pool.closed && !known.pool.destroyed) return known
    const key = JSON.stringify(upstream)
    let connected = this.#pools.get(key)
    if (!connected) this.#pools.set(key, (connected = open(upstream)))
    this.#byObject.set(upstream, connected)
    return connected
  }

  /** Counts a request that an upstream failed, and tells of it once. */
  failed({ counts, origin }: Connected, outcome: 'unavailable' | 'timeout', failure: FailedRequest): void {
    counts[outcome] += 1
    this.#onFailure({ upstream: origin, code: codeOf(failure.error), trackingId: failure.trackingId })
  }

  states(): UpstreamState[] {
    return [...this.#pools.values()].map(({ origin, pool, circuit, counts }) => ({
      ...counts,
      origin,
      isSpared: circuit.isOpen,
      connections: pool.stats.connected,
      waiting: pool.stats.queued,
    }))
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()].map(({ pool }) => pool)
    await Promise.all(pools.map((pool) => pool.destroy()))
  }
}

interface FailedRequest {
  readonly error: unknown
  readonly trackingId: string
}

/** Codes of errors are fixed words; their messages may quote what was sent. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

function open(upstream: HttpUpstream): Connected {
  const { url, caFile, timeouts } = upstream
  const { origin, pathname } = new URL(url)
  const ca = caFile === undefined ? undefined : readFileSync(caFile)
  const { Pool } = loadUndici()
  const pool = new Pool(origin, {
    connections: CONNECTIONS_PER_POOL,
    pipelining: 1,
    headersTimeout: timeouts.firstByte,
    bodyTimeout: timeouts.idle,
    connect: { timeout: timeouts.connect, ...(ca && { ca }) },
  })
  return {
    pool,
    origin,
    basePath: pathname.replace(/\/$/, ''),
    upstream,
    ca,
    queueMsMax: timeouts.connect + timeouts.firstByte,
    circuit: new Circuit(),
    counts: { answered: 0, unavailable: 0, timeout: 0, spared: 0, repeated: 0 },
  }
}
