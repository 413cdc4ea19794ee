import { median } from '../harness/median.ts'
import { formatNumber } from '../harness/table.ts'
import { type Figures, summarise } from '../token/compare.ts'
import { Contestant, enter, type SignInMeasurement } from './contestant.ts'
import type { RunningSignIn, SignInVariant } from './variant.ts'

export interface ComparisonSize {
  rounds: number
  seconds: number
  connections: number
  warmUpSeconds: number
}

/** Medians of one grant, and how many answers shared a commit; NaN for a variant without a store. */
export interface GrantFigures extends Figures {
  answersPerCommit: number
}

export interface Comparison {
  code: GrantFigures[]
  refresh: GrantFigures[]
}

/** Starts all variants, measures both grants of each in turn round by round, and stops them whatever happens. */
export async function compareSignIns(
  variants: readonly SignInVariant[],
  core: number | undefined,
  size: ComparisonSize,
): Promise<Comparison> {
  const running: RunningSignIn[] = []
  try {
    const contestants: Contestant[] = []
    for (const variant of variants) {
      const started = await variant.start(core)
      running.push(started)
      contestants.push(await enter(variant, started))
    }
    for (let round = 1; round <= size.rounds; round += 1) await runRound(contestants, round, size)
    return {
      code: contestants.map((each) => figuresOf(each, each.codeMeasurements)),
      refresh: contestants.map((each) => figuresOf(each, each.refreshMeasurements)),
    }
  } finally {
    await Promise.all(running.map((each) => each.stop()))
  }
}

async function runRound(contestants: readonly Contestant[], round: number, size: ComparisonSize): Promise<void> {
  const { connections, seconds, warmUpSeconds, rounds } = size
  const start = round % contestants.length
  for (const contestant of [...contestants.slice(start), ...contestants.slice(0, start)]) {
    await contestant.exchangeCodes(connections, seconds, warmUpSeconds)
    await contestant.refresh(connections, seconds, warmUpSeconds)
    const code = rateOf(contestant.codeMeasurements.at(-1))
    const refresh = rateOf(contestant.refreshMeasurements.at(-1))
    console.log(
      `  round ${round} of ${rounds}  ${contestant.name.padEnd(14)} ${code.padStart(7)} codes/s ${refresh.padStart(7)} refreshes/s`,
    )
  }
}

const rateOf = (measurement: SignInMeasurement | undefined): string =>
  formatNumber(measurement ? measurement.load.answers / measurement.load.seconds : Number.NaN)

function figuresOf(contestant: Contestant, measurements: SignInMeasurement[]): GrantFigures {
  const { name, idleBytes, tokenCharacters } = contestant
  const answersPerCommit = median(measurements.map(({ load, commits }) => load.answers / commits))
  return { ...summarise({ name, idleBytes, tokenCharacters, measurements }), answersPerCommit }
}
