import { versionOf } from '../access/api-version.ts'
import { type Decision, decide } from '../access/decide.ts'
import type { Question, Target } from '../access/question.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Visit } from '../front-door/visit.ts'
import type { RateVerdict, SlidingWindow } from '../rate-limits/sliding-window.ts'
import type { Authenticated, Authentication, BearerAuthenticator } from './authenticate-bearer.ts'

/** What both gates work with, made once for the process. */
export interface AdmissionServices {
  changes: ChangeLog
  bearers: BearerAuthenticator
  rates: Pick<SlidingWindow, 'admit'>
}

/** What is asked for at the two gates. */
export interface AdmissionRequest {
  visit: Visit
  authorization: string | undefined
  experimental: string | string[] | undefined
  target: Question['target']
}

/** The decision, with the question it answers; `isStale` when this process may not decide at present. */
export interface Admission {
  readonly question: Question
  readonly decision: Decision
  readonly isStale: boolean
}

/** Told of every request that passed both gates. */
export type AdmissionListener = (visit: Visit, admission: Admission) => void

const UNLIMITED: RateVerdict = { allowed: true }
const nobody: Authentication = { failure: { code: 'auth.missing', message: 'JWT is required' } }
const unknowable: Authentication = {
  failure: {
    code: 'state.stale',
    message: 'This node cannot tell whether the token was revoked, because the database does not answer. Try again.',
  },
}

/**
 * Both gates in a row for one request: who are you, how often, may you. The same for the gateway and for our own
 * routes. Answers at once when everything it needs is in memory.
 */
export function admit(services: AdmissionServices, request: AdmissionRequest): Admission | Promise<Admission> {
  if (isPublic(request.target)) return answer(request, nobody, UNLIMITED)
  if (!services.changes.isFresh) return admitWhenFresh(services, request)
  const authentication = services.bearers.authenticate(request.visit, request.authorization)
  if (authentication instanceof Promise) return authentication.then((known) => limitAndDecide(services, request, known))
  return limitAndDecide(services, request, authentication)
}

/** Whether both gates would let a request through now that was let through before. It counts for no budget. */
export async function isStillAdmitted(services: AdmissionServices, request: AdmissionRequest): Promise<boolean> {
  const { decision } = await admit({ ...services, rates: uncounted }, request)
  return decision.allowed
}

const uncounted: AdmissionServices['rates'] = { admit: () => UNLIMITED }

/** A process that cannot prove that it knows the latest revocations refuses, once it has tried to read them. */
async function admitWhenFresh(services: AdmissionServices, request: AdmissionRequest): Promise<Admission> {
  await services.changes.catchUp().catch(() => {})
  if (!services.changes.isFresh) return { ...answer(request, unknowable, UNLIMITED), isStale: true }
  return limitAndDecide(services, request, await services.bearers.authenticate(request.visit, request.authorization))
}

function limitAndDecide(
  services: AdmissionServices,
  request: AdmissionRequest,
  authentication: Authentication,
): Admission {
  if ('failure' in authentication) return answer(request, authentication, UNLIMITED)
  const { tenant } = request.visit.site
  const key = rateKey(request.visit, authentication)
  return answer(request, authentication, services.rates.admit(key, tenant.settings.rateLimit))
}

/** Each client has its own budget per API version; a public client, which everybody has, one per person. */
function rateKey({ site, path }: Visit, { principal, isPublicClient }: Authenticated): string {
  const person = isPublicClient ? ` ${principal.identityId}` : ''
  return `${site.tenant.id} ${principal.clientId}${person} ${versionOf(path)}`
}

const isPublic = (target: Question['target']): target is Target =>
  target !== null && 'operation' in target && target.operation.policy.isPublic

function answer(request: AdmissionRequest, authentication: Authentication, rate: RateVerdict): Admission {
  const experimentalHeader = request.experimental === 'true' ? 'sent' : 'not_sent'
  const question: Question = { authentication, rate, target: request.target, experimentalHeader }
  return { question, decision: decide(question), isStale: false }
}
