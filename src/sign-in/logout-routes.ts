import type { FastifyInstance } from 'fastify'
import { formOf, pageSchema, redirect, show, type SignInRouteOptions, visitorOf } from './page-plugin.ts'
import { signOutPage } from './pages/login-pages.ts'
import { message } from './pages/parts.ts'

/** `GET` and `POST /logout`. Only the form signs out: a link or an image of another site must not. */
export async function logoutRoutes(app: FastifyInstance, { services }: SignInRouteOptions): Promise<void> {
  app.get('/logout', { schema: pageSchema('showSignOut', 'The sign-out page') }, async (request, reply) => {
    const { ctx, tenant, texts, token, cookieHeader } = visitorOf(request)
    const session = await services.sessions.find(ctx, tenant, cookieHeader)
    if (session) return show(request, reply, signOutPage(texts, { token, displayName: session.identity.displayName }))
    const { doneTitle, doneLead, again } = texts.signOut
    return show(request, reply, message(doneTitle, doneLead, { href: '/login', text: again }))
  })

  app.post('/logout', { schema: pageSchema('signOut', 'Sign out of this browser') }, async (request, reply) => {
    const { ctx, cookieHeader } = visitorOf(request)
    formOf(services, request, [])
    reply.header('set-cookie', await services.sessions.end(ctx, cookieHeader))
    return redirect(reply.header('clear-site-data', '"cache", "storage"'), '/logout')
  })
}
