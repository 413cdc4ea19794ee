import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changePassword } from './change-password.ts'
import {
  formOf,
  pageSchema,
  redirect,
  requireAdmission,
  requireNetwork,
  show,
  type SignInRouteOptions,
  visitorOf,
} from './page-plugin.ts'
import { message } from './pages/parts.ts'
import { changePage, forgotPage, linkSentPage, resetPage } from './pages/password-pages.ts'
import { isTooLong } from './password-rules.ts'
import { requestReset } from './request-reset.ts'
import { findLinkOwner, resetPassword } from './reset-password.ts'
import { canonicalAlias } from './sign-in.ts'
import type { SignInServices } from './sign-in-services.ts'

type Handler = (services: SignInServices, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** `/login/forgot`, `/login/reset` and `/login/password`. */
export async function passwordRoutes(app: FastifyInstance, { services }: SignInRouteOptions): Promise<void> {
  app.addHook('preHandler', requireNetwork)
  const add = (method: 'GET' | 'POST', url: string, schema: object, handler: Handler): void =>
    void app.route({ method, url, schema, handler: (request, reply) => handler(services, request, reply) })
  add('GET', '/login/forgot', pageSchema('showForgot', 'Ask for a link to reset a password'), showForgot)
  add('POST', '/login/forgot', pageSchema('requestReset', 'Mail a link to reset a password'), submitForgot)
  add('GET', '/login/reset', pageSchema('showReset', 'Choose a new password by a mailed link'), showReset)
  add('POST', '/login/reset', pageSchema('resetPassword', 'Set a new password by a mailed link'), submitReset)
  add('GET', '/login/password', pageSchema('showChange', 'Change the password'), showChange)
  add('POST', '/login/password', pageSchema('changePassword', 'Change the password'), submitChange)
}

const showForgot: Handler = async (_services, request, reply) => {
  const { texts, token } = visitorOf(request)
  return show(request, reply, forgotPage(texts, { token }))
}

/** The same for everybody, known or not: what there is to do is done behind the answer. */
const submitForgot: Handler = async (services, request, reply) => {
  const { ctx, tenant, texts } = visitorOf(request)
  const { username = '' } = formOf(services, request, ['username'])
  requireAdmission(services.linkRequests.count(tenant.id, ctx.network))
  const alias = canonicalAlias(username)
  services.afterAnswer.run(reply.raw, () => requestReset(services, ctx, { tenant, alias, texts }))
  return show(request, reply, linkSentPage(texts, { alias }))
}

const showReset: Handler = async (_services, request, reply) => {
  const { ctx, texts, token, query } = visitorOf(request)
  const link = query.get('token') ?? ''
  if ((await findLinkOwner(ctx, link)) === undefined) return showLinkOver(request, reply)
  return show(request, reply, resetPage(texts, { token, link }))
}

const submitReset: Handler = async (services, request, reply) => {
  const { ctx, tenant, texts, token } = visitorOf(request)
  const form = formOf(services, request, ['link', 'new-password', 'repeat'])
  const { link = '', 'new-password': password = '', repeat: repeated = '' } = form
  requireAdmission(services.failures.check(tenant.id, ctx.network))
  const outcome = await resetPassword(services, ctx, { tenant, link, texts, password, repeated })
  if (outcome === 'done') return redirect(reply, '/login?notice=reset')
  if (outcome !== 'link_over')
    return show(request, reply, resetPage(texts, { token, link, ...outcome }), { status: 400 })
  services.failures.count(tenant.id, ctx.network)
  return showLinkOver(request, reply)
}

function showLinkOver(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { texts } = visitorOf(request)
  const { usedTitle, used, again } = texts.reset
  return show(request, reply, message(usedTitle, used, { href: '/login/forgot', text: again }), { status: 400 })
}

const showChange: Handler = async ({ sessions }, request, reply) => {
  const { ctx, tenant, texts, token, cookieHeader } = visitorOf(request)
  const session = await sessions.find(ctx, tenant, cookieHeader)
  if (!session) return redirect(reply, '/login')
  return show(request, reply, changePage(texts, { token, username: session.identity.alias, isRefused: false }))
}

const submitChange: Handler = async (services, request, reply) => {
  const { ctx, tenant, texts, token, cookieHeader } = visitorOf(request)
  const form = formOf(services, request, ['current', 'new-password', 'repeat'])
  const { current = '', 'new-password': password = '', repeat: repeated = '' } = form
  const session = await services.sessions.find(ctx, tenant, cookieHeader)
  if (!session) return redirect(reply, '/login')
  const page = { token, username: session.identity.alias }
  if (isTooLong(current)) return show(request, reply, changePage(texts, { ...page, isRefused: true }), { status: 400 })
  const typed = { current, password, repeated }
  const change = { tenant, session, ...typed, cookieHeader, texts, response: reply.raw }
  const outcome = await changePassword(services, ctx, change)
  if (outcome === 'refused')
    return show(request, reply, changePage(texts, { ...page, isRefused: true }), { status: 403 })
  if ('objection' in outcome)
    return show(request, reply, changePage(texts, { ...page, isRefused: false, ...outcome }), { status: 400 })
  return redirect(reply.header('set-cookie', outcome.cookies), '/login?notice=changed')
}
