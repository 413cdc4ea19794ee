import { pathToFileURL } from 'node:url'
import type { Benchmark } from './harness/benchmark.ts'
import { installPackages } from './harness/packages.ts'

/** One file per benchmark, loaded only when asked for: they import packages that the first use installs. */
const benchmarks = new Map<string, { file: string; summary: string }>([
  ['token', { file: './token.ts', summary: 'tokens per second on one core, beside oidc-provider and oauth2-server' }],
  [
    'refresh',
    { file: './refresh.ts', summary: 'codes and refresh tokens per second on one core, beside oidc-provider' },
  ],
  ['catalogs', { file: './catalogs.ts', summary: 'how long large documents take to load, and how much memory' }],
  [
    'gateway',
    { file: './gateway.ts', summary: 'CPU per proxied request on one core, beside nginx, HAProxy and fastify' },
  ],
  ['generator', { file: './generator.ts', summary: 'how fast the load generator itself is, so that it limits nobody' }],
])

function listBenchmarks(): void {
  console.log('Usage: npm run bench <name> [-- options]\n')
  for (const [name, { summary }] of benchmarks) console.log(`  ${name.padEnd(12)}${summary}`)
  console.log('\nOptions of each: npm run bench <name> -- --help. How to read the results: bench/README.md')
}

/** A signal ends the run through `exit`, where every started server and temporary directory has its clean-up. */
function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => process.exit(code))
  }
}

async function main(name: string | undefined, args: string[]): Promise<void> {
  const chosen = name === undefined ? undefined : benchmarks.get(name)
  if (!chosen) {
    listBenchmarks()
    if (name !== undefined) throw new Error(`There is no benchmark called ${name}.`)
    return
  }
  exitOnSignals()
  process.setMaxListeners(50) // Every server and temporary directory has its clean-up at the exit.
  installPackages()
  const { benchmark }: { benchmark: Benchmark } = await import(
    pathToFileURL(`${import.meta.dirname}/${chosen.file}`).href
  )
  await benchmark(args)
}

const [name, ...args] = process.argv.slice(2)
try {
  await main(name, args)
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
