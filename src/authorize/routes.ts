import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Visit, visitOf } from '../front-door/visit.ts'
import { acceptForms } from '../http/form.ts'
import { sendPage } from '../http/page.ts'
import { PASTE_PATH } from '../oauth-clients/cli-clients.ts'
import { originsOf } from '../tenants/origins.ts'
import type { Answer, Redirect } from './answer.ts'
import { type AuthorizeRouteOptions, type Exchange, exchangeOf, requireAdmissible } from './exchange.ts'
import { beginAuthorization, continueAuthorization, decideAuthorization } from './flow.ts'
import { showPastePage } from './paste.ts'
import { pageRefusalOf, refuse } from './refuse.ts'

/** The authorization endpoint (RFC 6749 §3.1) and the pages between it and the code. All of it is for browsers. */
export async function authorizeRoutes(app: FastifyInstance, options: AuthorizeRouteOptions): Promise<void> {
  acceptForms(app)
  app.addHook('onRequest', async (request, reply) => {
    const redirect = toLoginHost(options, request.method, visitOf(request.raw))
    return redirect && sendRedirect(reply, redirect)
  })
  app.setErrorHandler((error, request, reply) => answerRefusal(options, { error, request, reply }))
  const serve =
    (answer: (exchange: Exchange, body: unknown) => Promise<Answer>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const exchange = exchangeOf(options, request.raw)
      await requireAdmissible(exchange)
      return send(reply, exchange, await answer(exchange, request.body))
    }

  app.get('/oauth/authorize', pageRoute('authorize', 'Ask a person for a code'), serve(beginAuthorization))
  app.post('/oauth/authorize', onlyGet, (_request, reply) => reply.code(405).header('allow', 'GET').send())
  app.get(
    '/oauth/authorize/continue',
    pageRoute('continueAuthorization', 'Go on after signing in'),
    serve(continueAuthorization),
  )
  app.post(
    '/oauth/authorize/consent',
    pageRoute('decideAuthorization', 'Allow or deny a client'),
    serve(decideAuthorization),
  )
  app.get(PASTE_PATH, pageRoute('showPastePage', 'Copy a code to a command line'), serve(showPastePage))
}

const Page = Type.String({ description: 'A page.' })
const Onward = Type.String({ description: 'Goes on at the address in Location.' })
const answers = { 200: Page, 303: Onward, 400: Page, 403: Page, 404: Page, 500: Page, 503: Page }

const pageRoute = (operationId: string, summary: string) => ({
  exposeHeadRoute: false,
  schema: { operationId, summary, security: [{}], response: answers },
})

const onlyGet = {
  schema: {
    operationId: 'authorizeByPost',
    summary: 'Refused: authorization requests are sent by GET',
    security: [{}],
    response: { 405: Type.Null() },
  },
}

/**
 * Sign-in and its cookies exist on the login host alone; whoever comes to another host goes there with the same query
 * (older clients know no other host).
 */
function toLoginHost({ address }: AuthorizeRouteOptions, method: string, visit: Visit): Redirect | undefined {
  const { site, path, query } = visit
  if (method !== 'GET' || site.role === 'login' || site.role === 'all') return undefined
  const { login } = originsOf(site.tenant, address())
  return { location: `${login}${path}${query === '' ? '' : `?${query}`}` }
}

function send(reply: FastifyReply, { locale, tenant }: Exchange, answer: Answer): FastifyReply {
  if ('location' in answer) return sendRedirect(reply, answer)
  if (answer.status === 503) reply.header('retry-after', '1')
  return sendPage(reply, { locale, tenantName: tenant.displayName, ...answer })
}

/** By GET, whatever was sent here (RFC 9700 §4.12). */
function sendRedirect(reply: FastifyReply, { location, cookie }: Redirect): FastifyReply {
  if (cookie !== undefined) reply.header('set-cookie', cookie)
  return reply.code(303).headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).send()
}

async function answerRefusal(
  options: AuthorizeRouteOptions,
  { error, request, reply }: { error: unknown; request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const refusal = pageRefusalOf(error)
  const exchange = exchangeOf(options, request.raw)
  if (refusal.reason === 'unexpected') request.log.error({ err: error, trackingId: request.id }, 'unexpected error')
  return send(reply, exchange, await refuse(exchange, refusal))
}
