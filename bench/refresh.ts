import { parseArgs } from 'node:util'
import type { Benchmark } from './harness/benchmark.ts'
import { chooseCores, pinThisProcess } from './harness/cores.ts'
import { describeMachine } from './harness/machine.ts'
import { readCount } from './harness/options.ts'
import { formatNumber } from './harness/table.ts'
import { compareSignIns, type GrantFigures } from './refresh/compare.ts'
import { oidcProvider } from './refresh/oidc-provider.ts'
import { sallyport } from './refresh/sallyport.ts'
import { formatComparison } from './token/compare.ts'

const VARIANTS = [sallyport, oidcProvider]
const CONNECTIONS = 32
const WARM_UP_SECONDS = 1
const AIM = 2

const HELP = `npm run bench refresh -- [options]

Codes and refresh tokens of a confidential client: all variants in turn, medians and ratios to oidc-provider.
  --rounds N      how often each is measured (5)
  --seconds N     how long each time and grant, after ${WARM_UP_SECONDS} s of warm-up (4)
  --only A,B      some of: ${VARIANTS.map(({ name }) => name).join(', ')}`

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const names = values.only?.split(',') ?? VARIANTS.map(({ name }) => name)
  return {
    help: values.help,
    rounds: readCount('rounds', values.rounds, { from: 1, to: 100 }),
    seconds: readCount('seconds', values.seconds, { from: 1, to: 40 }),
    variants: names.map((name) => {
      const variant = VARIANTS.find((each) => each.name === name)
      if (!variant) throw new Error(`There is no variant called ${name}.`)
      return variant
    }),
  }
}

function report(title: string, figures: readonly GrantFigures[]): void {
  const reference = figures.find(({ name }) => name === oidcProvider.name)
  console.log(`\n${title}\n${formatComparison(figures, reference)}`)
  for (const { name, answersPerCommit } of figures)
    if (!Number.isNaN(answersPerCommit))
      console.log(
        `${name}: every answer on the disk before it is sent, ${formatNumber(answersPerCommit, 1)} to a commit`,
      )
}

function judge(figures: readonly GrantFigures[]): void {
  const own = figures.find(({ name }) => name === sallyport.name)
  const reference = figures.find(({ name }) => name === oidcProvider.name)
  if (!own || !reference) return
  const ratio = own.perSecond / reference.perSecond
  const verdict = ratio >= AIM ? 'reached' : 'MISSED'
  console.log(
    `\nAim: at least ${AIM} times oidc-provider's refreshes per second: ${formatNumber(ratio, 2)}, ${verdict}.`,
  )
}

/** Code exchanges and refreshes per second beside a well-known server that keeps all it knows in memory. */
export const benchmark: Benchmark = async (args) => {
  const { help, rounds, seconds, variants } = readOptions(args)
  if (help) {
    console.log(HELP)
    return
  }
  const cores = chooseCores()
  pinThisProcess(cores.generator)
  console.log(`${describeMachine()}\n${cores.told}`)
  console.log(`ES256, ${CONNECTIONS} keep-alive connections, ${rounds} rounds of ${seconds} s for each grant\n`)
  const size = { rounds, seconds, connections: CONNECTIONS, warmUpSeconds: WARM_UP_SECONDS }
  const { code, refresh } = await compareSignIns(variants, cores.server, size)
  report('authorization_code with PKCE', code)
  report('refresh_token, rotated on every use', refresh)
  judge(refresh)
}
