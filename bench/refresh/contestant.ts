import { usageOf } from '../harness/process-usage.ts'
import { readCommits } from '../token/store-snapshot.ts'
import { findStore } from '../token/store-snapshot.ts'
import type { Measurement } from '../token/variant.ts'
import { accessTokenIn, makeTokenCheck, type TokenCheck } from '../token/verify.ts'
import { type Chain, type ChainTarget, runChains } from './chains.ts'
import { codeForm, refreshForm } from './sign-in.ts'
import type { RunningSignIn, SignInVariant } from './variant.ts'

/** A burst, with how many commits its variant's store saw meanwhile; NaN where it has none. */
export interface SignInMeasurement extends Measurement {
  commits: number
}

/** More than any variant exchanges in a second; a burst that uses them up ends early. */
const CODES_PER_SECOND = 9_000

/** A variant that is up, with one refresh token for each connection. */
export class Contestant {
  readonly name: string
  readonly idleBytes: number
  readonly codeMeasurements: SignInMeasurement[] = []
  readonly refreshMeasurements: SignInMeasurement[] = []
  tokenCharacters = 0
  readonly #running: RunningSignIn
  readonly #target: ChainTarget
  readonly #check: TokenCheck
  readonly #store: string | undefined
  #refreshTokens: string[] = []

  constructor(variant: SignInVariant, running: RunningSignIn, check: TokenCheck) {
    const { server, dataDirectory } = running
    this.name = variant.name
    this.idleBytes = usageOf(server.pid)?.residentBytes ?? Number.NaN
    this.#running = running
    this.#check = check
    this.#store = dataDirectory === undefined ? undefined : findStore(dataDirectory)
    const origin = server.origin.replace('//localhost:', '//127.0.0.1:')
    this.#target = { origin, host: new URL(server.origin).host, path: variant.tokenPath }
  }

  /** Exchanges fresh codes over so many connections, and keeps a refresh token for each of them. */
  async exchangeCodes(connections: number, seconds: number, warmUpSeconds: number): Promise<void> {
    const codes = await this.#running.makeCodes(Math.ceil(CODES_PER_SECOND * (seconds + warmUpSeconds)))
    const chains = Array.from({ length: connections }, (_, index) => this.#codeChain(codes, index))
    await runChains(this.#target, chains, warmUpSeconds)
    this.codeMeasurements.push(await this.#measure(chains, seconds))
  }

  /** Refreshes over so many connections, each going on from the token that it was given last. */
  async refresh(connections: number, seconds: number, warmUpSeconds: number): Promise<void> {
    const chains = Array.from({ length: connections }, (_, index) => this.#refreshChain(index))
    await runChains(this.#target, chains, warmUpSeconds)
    this.refreshMeasurements.push(await this.#measure(chains, seconds))
  }

  #codeChain(codes: string[], index: number): Chain {
    return {
      next: () => {
        const code = codes.pop()
        return code === undefined ? undefined : codeForm(this.#running.client, code)
      },
      take: (answer) => this.#keep(index, answer),
    }
  }

  #refreshChain(index: number): Chain {
    return {
      next: () => refreshForm(this.#running.client, this.#refreshTokens[index] ?? ''),
      take: (answer) => this.#keep(index, answer),
    }
  }

  #keep(index: number, { refresh_token: token }: Record<string, unknown>): void {
    if (typeof token !== 'string' || token === this.#refreshTokens[index])
      throw new Error('An answer brought no new refresh token.')
    this.#refreshTokens[index] = token
  }

  async #measure(chains: readonly Chain[], seconds: number): Promise<SignInMeasurement> {
    const { pid } = this.#running.server
    const [usageBefore, commitsBefore] = [usageOf(pid), this.#commits()]
    const load = await runChains(this.#target, chains, seconds)
    const [usage, commitsAfter] = [usageOf(pid), this.#commits()]
    await this.#check(load.samples)
    this.tokenCharacters = accessTokenIn(load.samples[0] ?? '')?.length ?? 0
    const cpuSeconds = usageBefore && usage ? usage.cpuSeconds - usageBefore.cpuSeconds : Number.NaN
    return { load, cpuSeconds, usage, commits: commitsAfter - commitsBefore }
  }

  #commits(): number {
    return this.#store === undefined ? Number.NaN : readCommits(this.#store)
  }
}

/** Starts nothing: asks a running variant for its keys, with which its tokens are checked from then on. */
export async function enter(variant: SignInVariant, running: RunningSignIn): Promise<Contestant> {
  const check = await makeTokenCheck(running.server.origin, variant.jwksPath)
  return new Contestant(variant, running, check)
}
