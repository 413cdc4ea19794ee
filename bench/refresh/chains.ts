import { Client } from 'undici'
import type { LoadResult } from '../harness/load.ts'
import { LoadRecord } from '../harness/load-record.ts'

/** Where chains post to; `host` is what the server is asked as. */
export interface ChainTarget {
  origin: string
  host: string
  path: string
}

/** Requests of which each may need what the one before was answered. */
export interface Chain {
  /** The next body to post; undefined ends the chain. */
  next: () => string | undefined
  /** Told of every answer before the next body is asked for. */
  take: (answer: Record<string, unknown>) => void
}

/** Runs all chains at once for so long, each over a keep-alive connection of its own; throws unless every answer was 200. */
export async function runChains(target: ChainTarget, chains: readonly Chain[], seconds: number): Promise<LoadResult> {
  const record = new LoadRecord()
  const clients = chains.map(() => new Client(target.origin, { pipelining: 1 }))
  const cpuAtStart = process.cpuUsage()
  const startMs = performance.now()
  const endMs = startMs + seconds * 1000
  try {
    await Promise.all(
      chains.map((chain, index) => runChain({ ask: asker(clients[index], target), chain, record, endMs })),
    )
  } finally {
    await Promise.all(clients.map((client) => client.destroy()))
  }
  if (record.answers === 0) throw new Error('No request was answered.')
  const { user, system } = process.cpuUsage(cpuAtStart)
  const took = (record.lastMs - startMs) / 1000
  return { ...record.summary(), seconds: took, generatorBusy: (user + system) / 1e6 / took }
}

type Ask = (form: string) => Promise<string>

function asker(client: Client | undefined, { host, path }: ChainTarget): Ask {
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' }
  return async (form) => {
    if (!client) throw new Error('There are fewer connections than chains.')
    const { statusCode, body } = await client.request({ method: 'POST', path, headers, body: form })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`It answered ${statusCode}: ${text.slice(0, 300)}`)
    return text
  }
}

interface Run {
  ask: Ask
  chain: Chain
  record: LoadRecord
  endMs: number
}

async function runChain({ ask, chain, record, endMs }: Run): Promise<void> {
  for (let form = chain.next(); form !== undefined; form = chain.next()) {
    const askedMs = performance.now()
    const text = await ask(form)
    record.answer(performance.now() - askedMs)
    record.sample(text)
    chain.take(JSON.parse(text) as Record<string, unknown>) // both servers answer an object
    if (performance.now() >= endMs) return
  }
}
