import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { Principal } from '../access/policy.ts'
import { actorOf, callerOf } from '../admission/plugin.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import type { UsageCounter } from '../usage/usage-counter.ts'
import { rightSize, type RightSizeServices } from './right-size.ts'
import { ClientId, RightSizeBody, ShadowBody, ShadowInput } from './schemas.ts'
import { applyShadow, dropShadow, type ShadowOperationServices, showShadow, startShadow } from './shadow.ts'

export interface RightSizeRouteOptions {
  services: RightSizeServices & ShadowOperationServices & { usage: UsageCounter }
  contextOf: ContextOf
}

interface ById {
  Params: { id: string }
}

const PATH = '/sallyport/v1/credentials/:id'

/** The scopes that a credential needs, against those that it holds; and trying fewer without refusing anything. */
export async function rightSizeRoutes(
  app: FastifyInstance,
  { services, contextOf }: RightSizeRouteOptions,
): Promise<void> {
  const askingOf = async (request: FastifyRequest<ById>) => {
    const caller: Principal = callerOf(request)
    await services.usage.flush()
    return { ctx: contextOf(visitOf(request.raw), actorOf(caller)), caller, id: request.params.id }
  }

  app.get<ById>(
    `${PATH}/right-size`,
    { schema: of('getRightSize', 'The smallest scope list that would have allowed all calls seen', RightSizeBody) },
    async (request) => {
      const { ctx, ...asking } = await askingOf(request)
      return rightSize(services, ctx, asking)
    },
  )

  app.get<ById>(
    `${PATH}/shadow-scope`,
    { schema: of('getShadowScope', 'What the shadow scope of a credential would have refused', ShadowBody) },
    async (request) => {
      const { ctx, ...asking } = await askingOf(request)
      return showShadow(services, ctx, asking)
    },
  )

  app.put<ById & { Body: ShadowInput }>(
    `${PATH}/shadow-scope`,
    {
      schema: {
        ...of('putShadowScope', 'Try a narrower scope, which refuses nothing and counts what it would', ShadowBody),
        body: ShadowInput,
      },
    },
    async (request) => {
      const { ctx, ...asking } = await askingOf(request)
      return startShadow(services, ctx, { ...asking, scope: request.body.scope })
    },
  )

  app.post<ById>(
    `${PATH}/shadow-scope/apply`,
    { schema: of('applyShadowScope', 'Make the shadow scope the scope of new tokens') },
    async (request, reply) => {
      const { ctx, ...asking } = await askingOf(request)
      await applyShadow(services, ctx, asking)
      return reply.code(204).send()
    },
  )

  app.delete<ById>(
    `${PATH}/shadow-scope`,
    { schema: of('dropShadowScope', 'Drop the shadow scope') },
    async (request, reply) => {
      const { ctx, ...asking } = await askingOf(request)
      await dropShadow(services, ctx, asking)
      return reply.code(204).send()
    },
  )
}

/** Whose the credential is, and which scope the token must hold, the operations ask. */
const of = (operationId: string, summary: string, body?: object): FastifySchema => ({
  operationId,
  summary,
  security: [{ anyToken: [] }],
  params: ClientId,
  response: { ...(body ? { 200: body } : { 204: Type.Null() }), ...errorResponses(400, 401, 403, 404, 429) },
})
