import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { type Visit, visitOf } from '../front-door/visit.ts'
import type { Actor, RequestContext } from '../request-context.ts'
import type { Acting, PeopleServices } from './acting.ts'

/** What the routes about people are mounted with. */
export interface PeopleRouteOptions {
  services: PeopleServices
  contextOf: (visit: Visit, actor?: Actor) => RequestContext
}

/** Who makes this request, as the operations on people take it. */
export function actingOf({ contextOf }: PeopleRouteOptions, request: FastifyRequest): Acting {
  const caller = callerOf(request)
  const visit = visitOf(request.raw)
  return { caller, tenant: visit.site.tenant, ctx: contextOf(visit, actorOf(caller)) }
}

/** The id in a path, whatever it looks like: what is no id is not found. */
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
export interface IdRoute {
  Params: { id: string }
}

/** A time as answers tell it. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
