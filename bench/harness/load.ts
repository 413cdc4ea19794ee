import type { EventEmitter } from 'node:events'
import autocannon, { type Result } from 'autocannon'
import { LoadRecord, type LoadSummary } from './load-record.ts'

/** What each connection posts, again and again; `host` is what the server is asked as. */
export interface LoadTarget {
  url: string
  host: string
  form: string
}

/** How much: for `seconds`, or until `amount` answers have come (then `seconds` is the limit). */
export interface LoadSize {
  connections: number
  seconds: number
  amount?: number
}

export interface LoadResult extends LoadSummary {
  seconds: number
  /** Share of one core that the generator itself used: near 1, it is the bottleneck. */
  generatorBusy: number
}

/** Posts in a closed loop over keep-alive connections; throws unless every single answer was 200. */
export async function applyLoad(target: LoadTarget, size: LoadSize): Promise<LoadResult> {
  const record = new LoadRecord()
  const cpuAtStart = process.cpuUsage()
  const startMs = performance.now()
  const result = await runAutocannon(target, size, record)
  const { user, system } = process.cpuUsage(cpuAtStart)
  const refused = Object.keys(result.statusCodeStats).filter((status) => status !== '200')
  if (record.answers === 0 || refused.length > 0 || result.errors > 0) {
    throw new Error(`Not every answer was 200: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors.`)
  }
  const seconds = (record.lastMs - startMs) / 1000
  return { ...record.summary(), seconds, generatorBusy: (user + system) / 1e6 / seconds }
}

function runAutocannon(target: LoadTarget, size: LoadSize, record: LoadRecord): Promise<Result> {
  return new Promise((resolve, reject) => {
    const options = {
      url: target.url,
      method: 'POST',
      headers: { host: target.host, 'content-type': 'application/x-www-form-urlencoded' },
      body: target.form,
      connections: size.connections,
      sampleInt: 100,
      setupClient: (client: EventEmitter) =>
        client.on('body', (chunk: Buffer) => record.sample(chunk.toString('latin1'))),
      ...(size.amount === undefined ? { duration: size.seconds } : { amount: size.amount }),
    }
    const instance = autocannon(options, (error, result) => {
      clearTimeout(limit)
      if (error) reject(error)
      else resolve(result)
    })
    const limit = setTimeout(() => instance.stop(), (size.seconds + 5) * 1000)
    instance.on('response', (_client, _status, _bytes, latencyMs: number) => record.answer(latencyMs))
  })
}
