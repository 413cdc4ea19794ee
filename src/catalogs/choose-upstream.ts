import { isWithin, problemWithUpstream } from '../config/upstream-address.ts'
import { DomainError } from '../errors.ts'
import { defaultTimeouts, type Upstream } from './catalog.ts'
import { problemWithFault } from './sample/faults.ts'

/** An upstream as a request names it; what is left out stays as it is. */
export interface UpstreamChoice {
  /** `sample`, or an address. */
  readonly upstream?: string | undefined
  readonly connect?: string | undefined
  readonly firstByte?: string | undefined
  readonly idle?: string | undefined
  /** `latency=200,429@10%`; empty for none. */
  readonly sampleFaults?: string | undefined
}

/**
 * The upstream that a request chooses. An administrator of a tenant is not the operator of the installation, whose
 * network the gateway stands in: requests may name only what the operator allows, or what the catalog has already.
 * @throws DomainError `invalid` for any other address.
 */
export function chooseUpstream(
  choice: UpstreamChoice,
  present: Upstream | undefined,
  allowed: readonly string[],
): Upstream {
  const { upstream } = choice
  if (upstream === undefined && !present)
    throw new DomainError('required_missing', 'Say what answers for the catalog: upstream=sample, or an address.')
  const problem = upstream === undefined ? undefined : problemWithUpstream(upstream)
  if (problem !== undefined) throw new DomainError('invalid', `upstream ${problem}.`)
  if (upstream === 'sample' || (upstream === undefined && present?.kind !== 'http')) return sampleOf(choice, present)
  if (choice.sampleFaults !== undefined)
    throw new DomainError('invalid', 'sampleFaults go with upstream=sample alone: a real upstream has its own.')
  const known = present?.kind === 'http' ? present : undefined
  const url = upstream ?? known?.url ?? ''
  if (url !== known?.url && !isWithin(url, allowed))
    throw new DomainError(
      'invalid',
      `The upstream ${url} may not be named over HTTP. Name it in a tenant file, or have the operator of this server allow it with --allow-upstream.`,
    )
  const timeouts = { ...defaultTimeouts, ...known?.timeouts, ...timeoutsOf(choice) }
  // A certificate authority belongs to the server that it was given for.
  return { kind: 'http', url, timeouts, ...(known?.url === url && known.caFile && { caFile: known.caFile }) }
}

function sampleOf({ sampleFaults }: UpstreamChoice, present: Upstream | undefined): Upstream {
  const known = present?.kind === 'sample' ? (present.faults ?? []) : []
  const faults = sampleFaults === undefined ? known : sampleFaults.split(',').filter((fault) => fault !== '')
  const problem = faults.map(problemWithFault).find((found) => found !== undefined)
  if (problem !== undefined) throw new DomainError('invalid', `sampleFaults ${problem}.`)
  return { kind: 'sample', ...(faults.length > 0 && { faults }) }
}

function timeoutsOf(choice: UpstreamChoice): Record<string, number> {
  return Object.fromEntries(
    (['connect', 'firstByte', 'idle'] as const).flatMap((name) => {
      const text = choice[name]
      return text === undefined ? [] : [[name, boundedMs(name, Number(text))] as const]
    }),
  )
}

function boundedMs(name: string, ms: number): number {
  if (ms >= 10 && ms <= 600_000) return ms
  throw new DomainError('illegal_value', `${name} must be from 10 to 600000 milliseconds.`)
}
