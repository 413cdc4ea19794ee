import type { EventEmitter } from 'node:events'
import autocannon, { type Client, type Result } from 'autocannon'
import { LoadRecord } from '../harness/load-record.ts'
import type { LoadResult } from '../harness/load.ts'
import { CONNECTIONS } from './sizes.ts'

export interface GetLoad {
  url: string
  host: string
  path: string
  tokens: readonly string[]
}

/** Gets in a closed loop, each connection with its own share of the tokens in turn; throws unless every answer is 200. */
export async function applyGets(target: GetLoad, seconds: number): Promise<LoadResult> {
  const record = new LoadRecord()
  const cpuAtStart = process.cpuUsage()
  const startMs = performance.now()
  const result = await run(target, seconds, record)
  const { user, system } = process.cpuUsage(cpuAtStart)
  const refused = Object.keys(result.statusCodeStats).filter((status) => status !== '200')
  if (record.answers === 0 || refused.length > 0 || result.errors > 0)
    throw new Error(`Not every answer was 200: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors.`)
  const took = (record.lastMs - startMs) / 1000
  return { ...record.summary(), seconds: took, generatorBusy: (user + system) / 1e6 / took }
}

function run({ url, host, path, tokens }: GetLoad, seconds: number, record: LoadRecord): Promise<Result> {
  let next = 0
  const setupClient = (client: EventEmitter): void => {
    const own = tokens.filter((_token, at) => at % CONNECTIONS === next)
    next = (next + 1) % CONNECTIONS
    const requests = own.map((token) => ({ method: 'GET', path, headers: { host, authorization: `Bearer ${token}` } }))
    ;(client as Client).setRequests(requests)
  }
  return new Promise((resolve, reject) => {
    const options = { url, connections: CONNECTIONS, sampleInt: 100, setupClient, duration: seconds }
    const instance = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    instance.on('response', (_client, _status, _bytes, latencyMs: number) => record.answer(latencyMs))
  })
}
