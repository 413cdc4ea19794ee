import { parseArgs } from 'node:util'
import type { Benchmark } from './harness/benchmark.ts'
import { chooseCores, pinThisProcess } from './harness/cores.ts'
import { describeMachine } from './harness/machine.ts'
import { readCount } from './harness/options.ts'
import { formatNumber } from './harness/table.ts'
import { compareGateways, compareWithFloor, formatGateways, judgeGateways } from './gateway/compare.ts'
import { microsecondsPerDecision } from './gateway/decide.ts'
import { documentsIn, generatedDocument } from './gateway/documents.ts'
import { CONNECTIONS, LENGTH_OF_ISC, TOKENS, WARM_UP_SECONDS } from './gateway/sizes.ts'

const DECISION_MICROSECONDS_MAX = 10
const MANY_OPERATIONS = 10_000

const HELP = `npm run bench gateway -- [options]

GET through every variant in turn, with ${TOKENS} tokens over ${CONNECTIONS} connections; medians of CPU per request.
  --rounds N      how often each is measured (5)
  --seconds N     how long each time, after ${WARM_UP_SECONDS} s of warm-up (3)
  --specs DIR     OpenAPI documents to load, in place of a generated one of ${LENGTH_OF_ISC} operations
  --decide        nothing but how long a decision takes`

/** CPU per proxied request beside other gateways that verify tokens, and the time of a decision. */
export const benchmark: Benchmark = async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      specs: { type: 'string' },
      decide: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void console.log(HELP)
  const rounds = readCount('rounds', values.rounds, { from: 1, to: 100 })
  const seconds = readCount('seconds', values.seconds, { from: 1, to: 60 })
  const cores = chooseCores()
  pinThisProcess(cores.generator)
  console.log(`${describeMachine()}\n${cores.told}\n`)
  measureDecisions()
  if (values.decide) return
  const api = values.specs === undefined ? generatedDocument() : documentsIn(values.specs)
  console.log(`\nGET ${api.path}, ${CONNECTIONS} connections, ${TOKENS} tokens, ${rounds} rounds of ${seconds} s\n`)
  const { server: serverCore, generator: generatorCore } = cores
  const figures = await compareGateways({ api, rounds, seconds, serverCore, generatorCore })
  console.log(`\n${formatGateways(figures)}\n\n${judgeGateways(figures).join('\n')}`)
  console.log(compareWithFloor(figures) ?? '')
}

/** Matching and deciding, in this process. */
function measureDecisions(): void {
  const few = microsecondsPerDecision(LENGTH_OF_ISC)
  const many = microsecondsPerDecision(MANY_OPERATIONS)
  console.log(`A decision takes ${formatNumber(few, 2)} us at ${formatNumber(LENGTH_OF_ISC)} operations,`)
  console.log(`and ${formatNumber(many, 2)} us at ${formatNumber(MANY_OPERATIONS)}.`)
  const verdict = Math.max(few, many) < DECISION_MICROSECONDS_MAX ? 'reached' : 'MISSED'
  console.log(`Aim: below ${DECISION_MICROSECONDS_MAX} us at either size: ${verdict}.`)
}
