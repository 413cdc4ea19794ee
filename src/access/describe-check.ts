import type { CheckName, Finding, Verdict } from './checks.ts'
import { describeContext, describeLevel, describeScope } from './describe-sides.ts'
import type { Principal } from './policy.ts'
import { type Question, sidesOf, type Sides, targetOf } from './question.ts'
import type { ReasonCode } from './reasons.ts'
import { allOf, inSeconds, type Words } from './words.ts'

/** A check in words. `expected` and `actual` are what it compared; a list under `expected` means any one of them. */
export interface Check {
  readonly name: CheckName
  readonly outcome: 'pass' | 'fail' | 'not_reached'
  readonly code: ReasonCode | null
  readonly message: string
  readonly expected: string | readonly string[] | null
  readonly actual: string | readonly string[] | null
}

/** The header that an experimental operation asks for. */
export const EXPERIMENTAL_HEADER = 'X-SailPoint-Experimental: true'

const describers: Record<CheckName, (question: Question, verdict: Verdict) => Words> = {
  authentication: describeAuthentication,
  rate: describeRate,
  operation: describeOperation,
  experimental: describeExperimental,
  context: whereBothAreKnown(describeContext),
  scope: whereBothAreKnown(describeScope),
  level: whereBothAreKnown(describeLevel),
  resource: describeResource,
}

/** Puts a finding into words; it decides nothing. */
export function describeCheck(question: Question, { name, verdict }: Finding): Check {
  const words = { expected: null, actual: null, ...describers[name](question, verdict) }
  if (verdict === 'pass' || verdict === 'not_reached') return { name, outcome: verdict, code: null, ...words }
  return { name, outcome: 'fail', code: verdict, ...words }
}

function describeAuthentication({ authentication }: Question, verdict: Verdict): Words {
  if (verdict === 'not_reached') {
    return { message: 'The operation is public: it is served to anybody, and a token sent with it is ignored.' }
  }
  const expected = 'a valid access token'
  if ('failure' in authentication) return { message: authentication.failure.message, expected }
  const message = `The token is valid. It stands for ${whomOf(authentication.principal)}.`
  return { message, expected }
}

/** A persona that was only thought up has no ids. */
function whomOf({ context, clientId, identityId }: Principal): string {
  if (context === 'user') return identityId ? `the identity ${identityId}` : 'a user'
  return clientId === '' ? 'an API client alone, without a user' : `the API client ${clientId} alone, without a user`
}

function describeRate({ rate }: Question, verdict: Verdict): Words {
  if (verdict === 'not_reached') return { message: 'Requests are counted per client, and this one counts for none.' }
  if (rate.allowed) return { message: 'The client is within its rate limit.' }
  return { message: `The client has sent too many requests. Try again in ${inSeconds(rate.retryAfterSeconds)}.` }
}

function describeOperation({ target }: Question): Words {
  if (target === null) return { message: 'No catalog describes this path, and what no catalog describes is refused.' }
  if ('allowedMethods' in target) {
    const { allowedMethods } = target
    return { message: `The path exists, but only for ${allOf(allowedMethods)}.`, expected: allowedMethods }
  }
  if ('alsoReadAs' in target) {
    const { alsoReadAs } = target
    const message = `The path can be taken for ${alsoReadAs} as well as for another operation, by a reader who decodes it or ignores case. Write it exactly as the operation that you mean is documented.`
    return { message, actual: alsoReadAs }
  }
  const { method, path, catalog } = target.operation
  return { message: `${method} ${path} is an operation of the catalog ${catalog}.`, actual: `${method} ${path}` }
}

function describeExperimental(question: Question, verdict: Verdict): Words {
  const target = targetOf(question)
  if (target === undefined || verdict === 'not_reached') return { message: whyNotReached(question) }
  if (!target.operation.policy.isExperimental) {
    return { message: 'The operation is not experimental, so it asks for no extra header.' }
  }
  const expected = EXPERIMENTAL_HEADER
  if (question.experimentalHeader === 'sent') {
    return { message: 'The header for experimental operations was sent.', expected, actual: expected }
  }
  const message = `The operation is experimental: send the header ${expected} with every request to it.`
  return question.experimentalHeader === 'unknown' ? { message, expected } : { message, expected, actual: 'not sent' }
}

function describeResource(): Words {
  return {
    message:
      'Only the resource itself knows whether the caller may touch this very object (its own, another’s, a managed one), and it decides last.',
  }
}

function whereBothAreKnown(describe: (sides: Sides, verdict: Verdict) => Words) {
  return (question: Question, verdict: Verdict): Words => {
    const sides = sidesOf(question)
    return sides === undefined || sides.policy.isPublic
      ? { message: whyNotReached(question) }
      : describe(sides, verdict)
  }
}

function whyNotReached(question: Question): string {
  const target = targetOf(question)
  if (target === undefined) return 'There is no operation to compare with.'
  if (target.operation.policy.isPublic) return 'The operation is public, so nothing else is asked.'
  return 'Without a valid token it is not known who asks.'
}
