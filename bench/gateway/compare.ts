import type { webcrypto } from 'node:crypto'
import { median } from '../harness/median.ts'
import { usageOf } from '../harness/process-usage.ts'
import { formatNumber, formatTable } from '../harness/table.ts'
import type { BenchApi } from './documents.ts'
import { applyGets, type GetLoad } from './load.ts'
import { findProgram, FLOOR, peers, type RunningPeer, startScript } from './peers.ts'
import { startGateway } from './sallyport.ts'
import { FIRST_SECONDS, WARM_UP_SECONDS } from './sizes.ts'

export interface GatewayBench {
  api: BenchApi
  rounds: number
  seconds: number
  serverCore: number | undefined
  generatorCore: number | undefined
}

/** Medians over the rounds. */
export interface GatewayFigures {
  name: string
  cpuMicroseconds: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

interface Contestant extends RunningPeer {
  name: string
  host: string
  measured: Omit<GatewayFigures, 'name'>[]
}

export const OURS = 'sallyport'

/** Starts everything, measures the variants in turn round by round, and stops all of it whatever happens. */
export async function compareGateways(bench: GatewayBench): Promise<GatewayFigures[]> {
  const stops: (() => Promise<void>)[] = []
  try {
    const upstream = await startScript(bench.generatorCore, 'fixed-answer.js', {})
    stops.push(upstream.stop)
    const ours = await startGateway(bench.serverCore, bench.api, upstream.origin)
    stops.push(ours.stop)
    const contestants = [
      contestant('direct, no gateway', { origin: upstream.origin, pids: [upstream.pid], stop: upstream.stop }),
      contestant(OURS, { origin: ours.server.origin, pids: [ours.server.pid], stop: ours.stop }),
    ]
    const world = { core: bench.serverCore, upstream: upstream.origin, jwk: await keyOf(ours.server.origin) }
    for (const peer of peers) {
      if (peer.needs !== undefined && findProgram(peer.needs) === undefined) {
        console.log(`  LEFT OUT: ${peer.name}, for there is no ${peer.needs} on this machine.`)
        continue
      }
      const running = await peer.start(world)
      stops.push(running.stop)
      contestants.push(contestant(peer.name, running))
    }
    for (const each of contestants) await applyGets(targetOf(each, bench.api.path, ours.tokens), FIRST_SECONDS)
    for (let round = 1; round <= bench.rounds; round += 1) await runRound(contestants, ours.tokens, { round, bench })
    return contestants.map(({ name, measured }) => ({ name, ...medians(measured) }))
  } finally {
    await Promise.all(stops.map((stop) => stop()))
  }
}

const contestant = (name: string, peer: RunningPeer): Contestant => ({
  ...peer,
  name,
  host: new URL(peer.origin).host,
  measured: [],
})

/** The tenant's only key. */
async function keyOf(origin: string): Promise<webcrypto.JsonWebKey> {
  const { keys } = (await (await fetch(`${origin}/oauth/jwks`)).json()) as { keys: webcrypto.JsonWebKey[] } // checked by use
  const [key] = keys
  if (!key) throw new Error('Sallyport publishes no key.')
  return key
}

async function runRound(
  contestants: readonly Contestant[],
  tokens: readonly string[],
  { round, bench }: { round: number; bench: GatewayBench },
): Promise<void> {
  const start = round % contestants.length
  for (const each of [...contestants.slice(start), ...contestants.slice(0, start)]) {
    const target = targetOf(each, bench.api.path, tokens)
    try {
      await applyGets(target, WARM_UP_SECONDS)
      const before = cpuOf(each.pids)
      const { answers, seconds, p50Ms, p99Ms } = await applyGets(target, bench.seconds)
      const cpuMicroseconds = ((cpuOf(each.pids) - before) / answers) * 1e6
      each.measured.push({ cpuMicroseconds, perSecond: answers / seconds, p50Ms, p99Ms })
      const told = `${formatNumber(cpuMicroseconds, 1).padStart(8)} us, ${formatNumber(answers / seconds)} req/s`
      console.log(`  round ${round} of ${bench.rounds}  ${each.name.padEnd(28)} ${told}`)
    } catch (error) {
      throw new Error(`${each.name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}

const targetOf = ({ origin, host }: Contestant, path: string, tokens: readonly string[]): GetLoad => ({
  url: origin.replace('//localhost:', '//127.0.0.1:'),
  host,
  path,
  tokens,
})

const cpuOf = (pids: readonly number[]): number =>
  pids.reduce((total, pid) => total + (usageOf(pid)?.cpuSeconds ?? Number.NaN), 0)

function medians(measured: Contestant['measured']): Omit<GatewayFigures, 'name'> {
  const over = (figure: keyof Omit<GatewayFigures, 'name'>): number => median(measured.map((each) => each[figure]))
  return {
    cpuMicroseconds: over('cpuMicroseconds'),
    perSecond: over('perSecond'),
    p50Ms: over('p50Ms'),
    p99Ms: over('p99Ms'),
  }
}

/** The table of all variants, with the CPU of each as a multiple of ours. */
export function formatGateways(figures: readonly GatewayFigures[]): string {
  const ours = figures.find(({ name }) => name === OURS)?.cpuMicroseconds ?? Number.NaN
  const rows = figures.map(({ name, cpuMicroseconds, perSecond, p50Ms, p99Ms }) => [
    name,
    formatNumber(cpuMicroseconds, 1),
    formatNumber(cpuMicroseconds / ours, 2),
    formatNumber(perSecond),
    formatNumber(p50Ms, 2),
    formatNumber(p99Ms, 2),
  ])
  return formatTable(['variant', 'CPU us/req', 'times ours', 'req/s', 'p50 ms', 'p99 ms'], rows)
}

/** What we aim at, each with what came of it; aims against a variant that was left out are not judged. */
export function judgeGateways(figures: readonly GatewayFigures[]): string[] {
  const find = (name: string): GatewayFigures | undefined => figures.find((each) => each.name === name)
  const ours = find(OURS)
  if (!ours) return []
  const aims: [other: string, share: number, words: string][] = [
    ['nginx auth_request, cached', 1, 'less CPU per request than'],
    ['haproxy jwt_verify', 0.5, 'less than half the CPU per request of'],
    ['fastify http-proxy, jose', 0.5, 'less than half the CPU per request of'],
  ]
  return aims.flatMap(([name, share, words]) => {
    const other = find(name)
    if (!other) return []
    const cpu = `Aim: ${words} ${name}: ${verdict(ours.cpuMicroseconds < other.cpuMicroseconds * share)}.`
    return [cpu, `Aim: p99 no worse than that of ${name}: ${verdict(ours.p99Ms <= other.p99Ms)}.`]
  })
}

/** How far from what Node itself needs to forward a request; undefined where that was not measured. */
export function compareWithFloor(figures: readonly GatewayFigures[]): string | undefined {
  const ours = figures.find(({ name }) => name === OURS)
  const floor = figures.find(({ name }) => name === FLOOR)
  if (!ours || !floor) return undefined
  const checks = formatNumber(ours.cpuMicroseconds - floor.cpuMicroseconds, 1)
  return `Forwarding alone takes ${formatNumber(floor.cpuMicroseconds, 1)} us on this machine: both gates, limits, context header and counts take ${checks} us.`
}

const verdict = (isReached: boolean): string => (isReached ? 'reached' : 'MISSED')
