import { readForm } from '../http/form.ts'
import { PageRefusal } from './refusal.ts'

/** The parameters that an authorization request may carry; any other is ignored (RFC 6749 §3.1). */
const KNOWN = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'prompt',
  'max_age',
  'login_hint',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
] as const

export type ParameterName = (typeof KNOWN)[number]

/** What was sent under one name. */
export interface Sent {
  /** Undefined where it cannot be decoded. Empty counts as left out (RFC 6749 §3.1). */
  readonly value: string | undefined
  readonly isRepeated: boolean
}

export type Parameters = ReadonlyMap<ParameterName, Sent>

const PARAMETERS_MAX = 64
const known: ReadonlySet<string> = new Set(KNOWN)
const isKnown = (name: string): name is ParameterName => known.has(name)

/** Reads a query as sent. @throws PageRefusal when it holds too many parameters. */
export function readParameters(query: string): Parameters {
  const parameters = new Map<ParameterName, Sent>()
  const isShort = readForm(query, PARAMETERS_MAX, (name, value) => {
    if (isKnown(name)) parameters.set(name, { value, isRepeated: parameters.has(name) })
  })
  if (!isShort) throw new PageRefusal('request.unreadable')
  return parameters
}
