import { readFileSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import { Pool } from 'undici'
import type { Upstream } from '../catalogs/catalog.ts'

export type HttpUpstream = Extract<Upstream, { kind: 'http' }>

/** A pool of connections to an upstream, and where in it the document's paths begin. */
export interface Connected {
  readonly pool: Pool
  readonly origin: string
  /** The path of the upstream's URL, without a trailing slash. */
  readonly basePath: string
  /** How long a request may wait for a connection, in milliseconds. */
  readonly queueMsMax: number
}

const POOLS_MAX = 500
const CONNECTIONS_PER_POOL = 128

/** Keeps connections to each upstream alive, whichever catalogs share it. */
export class Upstreams {
  readonly #pools = new LRUCache<string, Connected>({
    max: POOLS_MAX,
    dispose: ({ pool }) => void pool.close().catch(() => {}),
  })

  connect(upstream: HttpUpstream): Connected {
    const key = JSON.stringify(upstream)
    let connected = this.#pools.get(key)
    if (!connected) this.#pools.set(key, (connected = open(upstream)))
    return connected
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()].map(({ pool }) => pool)
    await Promise.all(pools.map((pool) => pool.destroy()))
  }
}

function open({ url, caFile, timeouts }: HttpUpstream): Connected {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, {
    connections: CONNECTIONS_PER_POOL,
    pipelining: 1,
    headersTimeout: timeouts.firstByte,
    bodyTimeout: timeouts.idle,
    connect: { timeout: timeouts.connect, ...(caFile && { ca: readFileSync(caFile) }) },
  })
  return { pool, origin, basePath: pathname.replace(/\/$/, ''), queueMsMax: timeouts.connect + timeouts.firstByte }
}
