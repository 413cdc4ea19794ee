import { setTimeout as delay } from 'node:timers/promises'
import { median } from '../harness/median.ts'
import { formatMegabytes, formatNumber, formatTable } from '../harness/table.ts'
import { usageOf } from '../harness/process-usage.ts'
import { type Measurement, prepareVariant, type RunningVariant, type Variant } from './variant.ts'

const IDLE_MS = 1_000

export interface ComparisonSize {
  rounds: number
  seconds: number
  connections: number
  warmUpSeconds: number
}

/** A variant that is up, with what has been measured of it so far. */
interface Contestant {
  name: string
  idleBytes: number
  tokenCharacters: number
  mint: Awaited<ReturnType<typeof prepareVariant>>['mint']
  measurements: Measurement[]
}

/** Medians over the rounds. */
export interface Figures {
  name: string
  perSecond: number
  perCpuSecond: number
  p50Ms: number
  p99Ms: number
  idleBytes: number
  loadedBytes: number
  serverBusy: number
  generatorBusy: number
  tokenCharacters: number
}

/** Starts all variants, measures them in turn round by round, and stops them whatever happens. */
export async function compareVariants(
  variants: readonly Variant[],
  core: number | undefined,
  size: ComparisonSize,
): Promise<Figures[]> {
  const running: RunningVariant[] = []
  try {
    const contestants: Contestant[] = []
    for (const variant of variants) {
      const started = await variant.start(core)
      running.push(started)
      await delay(IDLE_MS)
      const idleBytes = usageOf(started.server.pid)?.residentBytes ?? Number.NaN
      const prepared = await prepareVariant(variant, started)
      contestants.push({ name: variant.name, idleBytes, ...prepared, measurements: [] })
    }
    for (let round = 1; round <= size.rounds; round += 1) await runRound(contestants, round, size)
    return contestants.map(summarise)
  } finally {
    await Promise.all(running.map((each) => each.stop()))
  }
}

/** Each round starts with another variant, so that none always follows the same neighbour. */
async function runRound(contestants: readonly Contestant[], round: number, size: ComparisonSize): Promise<void> {
  const start = round % contestants.length
  for (const contestant of [...contestants.slice(start), ...contestants.slice(0, start)]) {
    const { connections, warmUpSeconds, seconds } = size
    await contestant.mint({ connections, seconds: warmUpSeconds })
    const measurement = await contestant.mint({ connections, seconds })
    contestant.measurements.push(measurement)
    const perSecond = formatNumber(measurement.load.answers / measurement.load.seconds)
    console.log(`  round ${round} of ${size.rounds}  ${contestant.name.padEnd(14)} ${perSecond.padStart(8)} req/s`)
  }
}

/** The medians of a variant's measurements. */
export function summarise({ name, idleBytes, tokenCharacters, measurements }: Omit<Contestant, 'mint'>): Figures {
  const over = (figure: (measurement: Measurement) => number) => median(measurements.map(figure))
  return {
    name,
    idleBytes,
    tokenCharacters,
    perSecond: over(({ load }) => load.answers / load.seconds),
    perCpuSecond: over(({ load, cpuSeconds }) => load.answers / cpuSeconds),
    p50Ms: over(({ load }) => load.p50Ms),
    p99Ms: over(({ load }) => load.p99Ms),
    loadedBytes: over(({ usage }) => usage?.residentBytes ?? Number.NaN),
    serverBusy: over(({ load, cpuSeconds }) => cpuSeconds / load.seconds),
    generatorBusy: over(({ load }) => load.generatorBusy),
  }
}

const HEADS = [
  'variant',
  'req/s',
  'ratio',
  'req/CPU-s',
  'ratio',
  'p50 ms',
  'p99 ms',
  'RSS idle MB',
  'loaded MB',
  'server busy',
  'generator busy',
  'token chars',
]

/** The table of all variants, with their ratios to `reference`. */
export function formatComparison(figures: readonly Figures[], reference: Figures | undefined): string {
  const percent = (share: number) => (Number.isNaN(share) ? 'n/a' : `${formatNumber(share * 100)} %`)
  const rows = figures.map((each) => [
    each.name,
    formatNumber(each.perSecond),
    formatNumber(each.perSecond / (reference?.perSecond ?? Number.NaN), 2),
    formatNumber(each.perCpuSecond),
    formatNumber(each.perCpuSecond / (reference?.perCpuSecond ?? Number.NaN), 2),
    formatNumber(each.p50Ms, 2),
    formatNumber(each.p99Ms, 2),
    formatMegabytes(each.idleBytes),
    formatMegabytes(each.loadedBytes),
    percent(each.serverBusy),
    percent(each.generatorBusy),
    formatNumber(each.tokenCharacters),
  ])
  return formatTable(HEADS, rows)
}
