import { parseArgs } from 'node:util'
import type { Benchmark } from './harness/benchmark.ts'
import { chooseCores, pinThisProcess } from './harness/cores.ts'
import { describeMachine } from './harness/machine.ts'
import { readCount } from './harness/options.ts'
import { formatNumber } from './harness/table.ts'
import { compareVariants, formatComparison } from './token/compare.ts'
import { measureMemory } from './token/memory.ts'
import { oauth2Server, oidcProvider, signatureAlone } from './token/peers.ts'
import { sallyport } from './token/sallyport.ts'
import type { Variant } from './token/variant.ts'
import { measureWrites } from './token/writes.ts'

const VARIANTS = [sallyport, oidcProvider, oauth2Server, signatureAlone]
const CONNECTIONS = 64
const WARM_UP_SECONDS = 1
const AIM = 4

const HELP = `npm run bench token -- [options]

Without --memory or --writes: client_credentials, all variants in turn, medians and ratios to oidc-provider.
  --rounds N      how often each is measured (5)
  --seconds N     how long each time, after ${WARM_UP_SECONDS} s of warm-up (4)
  --only A,B      some of: ${VARIANTS.map(({ name }) => name).join(', ')}
  --memory        resident memory of Sallyport after start and after a million tokens, against its limits
  --writes        what 100,000 tokens write to the store, expecting nothing per token
  --tokens N      another number of tokens for --memory or --writes`

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string' },
      memory: { type: 'boolean', default: false },
      writes: { type: 'boolean', default: false },
      tokens: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const tokens = values.tokens ?? (values.memory ? '1000000' : '100000')
  return {
    ...values,
    rounds: readCount('rounds', values.rounds, { from: 1, to: 100 }),
    seconds: readCount('seconds', values.seconds, { from: 1, to: 60 }),
    tokens: readCount('tokens', tokens, { from: CONNECTIONS, to: 10_000_000 }),
    variants: chooseVariants(values.only),
  }
}

function chooseVariants(only: string | undefined): Variant[] {
  const names = only?.split(',') ?? VARIANTS.map(({ name }) => name)
  return names.map((name) => {
    const variant = VARIANTS.find((each) => each.name === name)
    if (!variant) throw new Error(`There is no variant called ${name}.`)
    return variant
  })
}

async function compare(core: number | undefined, options: ReturnType<typeof readOptions>): Promise<void> {
  const { rounds, seconds, variants } = options
  console.log(`client_credentials, ES256, ${CONNECTIONS} keep-alive connections, ${rounds} rounds of ${seconds} s\n`)
  const size = { rounds, seconds, connections: CONNECTIONS, warmUpSeconds: WARM_UP_SECONDS }
  const figures = await compareVariants(variants, core, size)
  const reference = figures.find(({ name }) => name === oidcProvider.name)
  console.log(`\n${formatComparison(figures, reference)}`)
  const own = figures.find(({ name }) => name === sallyport.name)
  if (!own || !reference) return
  const ratio = own.perSecond / reference.perSecond
  const verdict = ratio >= AIM ? 'reached' : 'MISSED'
  console.log(`\nAim: at least ${AIM} times oidc-provider's tokens per second: ${formatNumber(ratio, 2)}, ${verdict}.`)
  const floor = figures.find(({ name }) => name === signatureAlone.name)
  if (!floor) return
  const possible = formatNumber(floor.perSecond / reference.perSecond, 2)
  const share = formatNumber((own.perCpuSecond / floor.perCpuSecond) * 100)
  console.log(
    `Possible on this machine with node:http and a signature alone: ${possible}. Sallyport reaches ${share} % of it.`,
  )
}

/** Tokens per second beside two well-known servers and the floor; or Sallyport's memory; or what it writes. */
export const benchmark: Benchmark = async (args) => {
  const options = readOptions(args)
  if (options.help) {
    console.log(HELP)
    return
  }
  const cores = chooseCores()
  pinThisProcess(cores.generator)
  console.log(`${describeMachine()}\n${cores.told}`)
  if (options.memory) await measureMemory(cores.server, options.tokens, CONNECTIONS)
  else if (options.writes) await measureWrites(cores.server, options.tokens, CONNECTIONS)
  else await compare(cores.server, options)
}
