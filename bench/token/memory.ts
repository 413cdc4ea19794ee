import { setTimeout as delay } from 'node:timers/promises'
import { type ProcessUsage, usageOf } from '../harness/process-usage.ts'
import { formatMegabytes, formatNumber, formatTable } from '../harness/table.ts'
import { sallyport } from './sallyport.ts'
import { prepareVariant } from './variant.ts'

const IDLE_LIMIT_BYTES = 130e6
const LOADED_LIMIT_BYTES = 200e6
const IDLE_MS = 3_000

/** Slower than this many tokens per second, the run gives up. */
const SLOWEST_PER_SECOND = 500

/**
 * Resident memory three seconds after the start and after `tokens` tokens; throws where a limit is passed. It is the
 * second start: the first after an update compiles, and keeps what that took until it ends.
 */
export async function measureMemory(core: number | undefined, tokens: number, connections: number): Promise<void> {
  await (await sallyport.start(core)).stop()
  const running = await sallyport.start(core)
  try {
    await delay(IDLE_MS)
    const idle = readUsage(running.server.pid)
    const { mint } = await prepareVariant(sallyport, running)
    const { load } = await mint({ connections, seconds: tokens / SLOWEST_PER_SECOND, amount: tokens })
    const loaded = readUsage(running.server.pid)
    report(load.answers, idle, loaded)
    if (load.answers < tokens) throw new Error(`Only ${formatNumber(load.answers)} tokens came in time.`)
    if (idle.residentBytes > IDLE_LIMIT_BYTES || loaded.residentBytes > LOADED_LIMIT_BYTES) {
      throw new Error('The resident memory is over its limit.')
    }
  } finally {
    await running.stop()
  }
}

function readUsage(pid: number): ProcessUsage {
  const usage = usageOf(pid)
  if (!usage) throw new Error('Memory is measured on Linux only: it is read from /proc.')
  return usage
}

function report(tokens: number, idle: ProcessUsage, loaded: ProcessUsage): void {
  const row = (when: string, { residentBytes, peakResidentBytes }: ProcessUsage, limitBytes: number) => [
    when,
    ...[residentBytes, peakResidentBytes, limitBytes].map(formatMegabytes),
    residentBytes <= limitBytes ? 'kept' : 'BROKEN',
  ]
  const rows = [
    row(`after start, idle ${IDLE_MS / 1000} s`, idle, IDLE_LIMIT_BYTES),
    row(`after ${formatNumber(tokens)} tokens`, loaded, LOADED_LIMIT_BYTES),
  ]
  console.log(`\n${formatTable(['sallyport', 'RSS MB', 'peak MB', 'limit MB', 'limit'], rows)}`)
}
