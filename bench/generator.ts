import { join } from 'node:path'
import type { Benchmark } from './harness/benchmark.ts'
import { chooseCores, pinThisProcess } from './harness/cores.ts'
import { applyLoad } from './harness/load.ts'
import { describeMachine } from './harness/machine.ts'
import { findFreePort, startServer } from './harness/server-process.ts'
import { formatNumber } from './harness/table.ts'
import { makeCredential, tokenRequestForm } from './token/credential.ts'

const FLOOR_PER_CPU_SECOND = 40_000
const SECONDS = 4

/** Loads a server that does nothing; throws when the generator would be the bottleneck of the other benchmarks. */
export const benchmark: Benchmark = async () => {
  const cores = chooseCores()
  pinThisProcess(cores.generator)
  console.log(`${describeMachine()}\n${cores.told}`)
  const port = await findFreePort()
  const server = await startServer({
    name: 'fixed-answer',
    port,
    core: cores.server,
    command: [process.execPath, join(import.meta.dirname, 'peers', 'fixed-answer.js')],
    env: { ...process.env, PEER_SETTINGS: JSON.stringify({ port }) },
  })
  try {
    const target = {
      url: `http://127.0.0.1:${port}/`,
      host: `localhost:${port}`,
      form: tokenRequestForm(makeCredential()),
    }
    await applyLoad(target, { connections: 64, seconds: 1 })
    const load = await applyLoad(target, { connections: 64, seconds: SECONDS })
    // Per second of its own CPU time: a busy machine slows the run, not this figure.
    const perCpuSecond = load.answers / (load.generatorBusy * load.seconds)
    console.log(`\n${formatNumber(load.answers / load.seconds)} req/s, ${formatNumber(perCpuSecond)} per CPU-second`)
    if (perCpuSecond < FLOOR_PER_CPU_SECOND) {
      throw new Error(
        `At least ${formatNumber(FLOOR_PER_CPU_SECOND)} are wanted: the load generator would be measured too.`,
      )
    }
  } finally {
    await server.stop()
  }
}
