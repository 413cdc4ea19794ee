import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import { isGranted, type ScopeGrants } from '../access/scope-grants.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import { DomainError } from '../errors.ts'
import { type Visit, visitOf } from '../front-door/visit.ts'
import type { Actor, RequestContext } from '../request-context.ts'
import { admit, type AdmissionListener, type AdmissionServices } from './admit.ts'
import { answerAdmissionRefusal, type RefusalListener } from './refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who passed the gates; null on public routes. */
    caller: Principal | null
    /** Which user levels the scopes of the catalog are granted to; null on public routes. */
    grants: ScopeGrants | null
  }
}

export interface GuardOptions {
  admission: AdmissionServices
  catalogs: Catalogs
  contextOf: (visit: Visit, actor?: Actor) => RequestContext
  onRefused: RefusalListener
  onAdmitted: AdmissionListener
}

/** Puts every route of this scope behind the same two gates that the gateway has. */
export function guardRoutes(app: FastifyInstance, options: GuardOptions): void {
  const { admission, catalogs, contextOf, onRefused, onAdmitted } = options
  app.decorateRequest('caller', null)
  app.decorateRequest('grants', null)
  app.addHook('onRequest', async (request, reply) => {
    const visit = visitOf(request.raw)
    const { id } = visit.site.tenant
    const operations = catalogs.peek(id) ?? (await catalogs.find(contextOf(visit).db, id))
    const admitted = await admit(admission, {
      visit,
      authorization: request.headers.authorization,
      experimental: request.headers['x-sailpoint-experimental'],
      target: findOperation(operations, request.method, visit.path).target,
    })
    if (!admitted.decision.allowed)
      return refuse(reply, () => answerAdmissionRefusal(reply.raw, admitted, { visit, onRefused }))
    onAdmitted(visit, admitted)
    reply.header('cache-control', 'no-store')
    const { authentication, target } = admitted.question
    request.caller = 'principal' in authentication ? authentication.principal : null
    request.grants = target && 'operation' in target ? target.grants : null
    return undefined
  })
}

function refuse(reply: FastifyReply, answer: () => void): FastifyReply {
  reply.hijack()
  answer()
  return reply
}

/** Who called a guarded route. @throws DomainError `unauthenticated` on a route that is public. */
export function callerOf(request: FastifyRequest): Principal {
  if (!request.caller) throw new DomainError('unauthenticated', 'JWT is required')
  return request.caller
}

/** Would the caller pass both gates of an operation that demands this scope of a user? For check 8, within a route. */
export function holdsRight(request: FastifyRequest, scope: string): boolean {
  const caller = callerOf(request)
  return (
    caller.identityId !== null && meetsScope(caller, scope) && isGranted(request.grants ?? new Map(), scope, caller)
  )
}

/** The caller as the audit trail names it. */
export const actorOf = (caller: Principal): Actor =>
  caller.identityId === null
    ? { kind: 'client', id: caller.clientId }
    : { kind: 'identity', id: caller.identityId, clientId: caller.clientId }
