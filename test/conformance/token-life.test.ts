import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { startTestApp } from '../support/test-app.ts'
import { clientCommands, refreshAll } from './token-life/client-commands.ts'
import { TokenModel } from './token-life/model.ts'
import { operatorCommands } from './token-life/operator-commands.ts'
import { TokenSystem } from './token-life/system.ts'

const RUNS = 150
const COMMANDS_MAX = 25
/** On a slow machine there are fewer runs, and a counterexample is made less small. */
const TIME_MS = 40_000

test('every token lives exactly as long as the model says, whatever happens around it', async (t) => {
  const app = await startTestApp(t, { tenants: [] })
  const seed = randomInt(2 ** 31)
  const giveUpAtMs = performance.now() + TIME_MS
  let runs = 0

  const property = fc.asyncProperty(
    fc.commands([...clientCommands, ...operatorCommands], { maxCommands: COMMANDS_MAX, size: 'max' }),
    async (commands) => {
      if (performance.now() > giveUpAtMs) return
      runs += 1
      const model = new TokenModel(app.clock.nowMs)
      const system = new TokenSystem(app, `life-${runs}`)
      await system.prepare()
      await fc.asyncModelRun(() => ({ model, real: system }), commands)
      await refreshAll(model, system)
    },
  )

  await fc.assert(property, { seed, numRuns: RUNS })
  t.diagnostic(`seed ${seed}, ${runs} runs`)
})
