import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import { type Static, Type } from 'typebox'
import { meetsScope } from '../access/requirements.ts'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { DomainError } from '../errors.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { READ_CREDENTIALS } from '../inventory/credential.ts'
import { SCOPE_DEFAULT } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { calendarOf } from './calendar.ts'
import { removeWebhook, setWebhook, showWebhook } from './set-webhook.ts'
import { listExpiring } from './store.ts'
import type { Webhooks } from './webhooks.ts'

export interface ExpiryRouteOptions {
  services: { webhooks: Webhooks }
  contextOf: ContextOf
}

const WEBHOOK = '/sallyport/v1/notice-webhook'
const Url = Type.String({ minLength: 1, maxLength: 2000 })
const WebhookInput = Type.Object({ url: Url }, { additionalProperties: false })

/** When personal access tokens expire, as a calendar, and where notices are posted to. */
export async function expiryRoutes(app: FastifyInstance, { services, contextOf }: ExpiryRouteOptions): Promise<void> {
  const ctxOf = (request: FastifyRequest): RequestContext => contextOf(visitOf(request.raw), actorOf(callerOf(request)))

  app.get(
    '/sallyport/v1/expiry.ics',
    {
      schema: {
        operationId: 'getExpiryCalendar',
        summary: 'When the caller’s personal access tokens expire, as a calendar',
        security: [{ userAuth: [SCOPE_DEFAULT] }],
        response: {
          200: { content: { 'text/calendar': { schema: Type.String() } } },
          ...errorResponses(401, 403, 429),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      if (!meetsScope(caller, READ_CREDENTIALS))
        throw new DomainError('beyond_token', `The token you call with does not hold the scope ${READ_CREDENTIALS}.`)
      const { db, tenantId, nowMs } = ctxOf(request)
      const { displayName } = visitOf(request.raw).site.tenant
      const range = { fromMs: nowMs, untilMs: Number.MAX_SAFE_INTEGER, ownerId: caller.identityId ?? '' }
      const tokens = await listExpiring(db, tenantId, range)
      return reply
        .type('text/calendar; charset=utf-8')
        .send(calendarOf(tokens, { name: `${displayName} tokens`, nowMs }))
    },
  )

  app.get(
    WEBHOOK,
    { schema: of('getNoticeWebhook', 'Where notices are posted to', 'read', Type.Object({ url: Url })) },
    (request) => showWebhook(ctxOf(request)),
  )

  app.put<{ Body: Static<typeof WebhookInput> }>(
    WEBHOOK,
    {
      schema: {
        ...of(
          'putNoticeWebhook',
          'Post notices to this address; answers the secret that signs them, once',
          'manage',
          Type.Object({ url: Url, signingSecret: Type.String() }),
        ),
        body: WebhookInput,
      },
    },
    async (request) => {
      const { url } = request.body
      return { url, signingSecret: await setWebhook(services.webhooks, ctxOf(request), url) }
    },
  )

  app.delete(WEBHOOK, { schema: of('deleteNoticeWebhook', 'Post no notices', 'manage') }, async (request, reply) => {
    await removeWebhook(ctxOf(request))
    return reply.code(204).send()
  })
}

const of = (operationId: string, summary: string, right: 'read' | 'manage', body?: object): FastifySchema => ({
  operationId,
  summary,
  security: [{ userAuth: [`sallyport:settings:${right}`] }],
  'x-sailpoint-userLevels': ['ORG_ADMIN'],
  response: { ...(body ? { 200: body } : { 204: Type.Null() }), ...errorResponses(400, 401, 403, 404, 429) },
})
