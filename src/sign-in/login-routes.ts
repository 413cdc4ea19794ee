import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { originsOf } from '../tenants/origins.ts'
import { continueOf } from './continue.ts'
import { readLoginHint } from './login-hint.ts'
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
import { type LoginForm, loginPage, welcomePage } from './pages/login-pages.ts'
import { message } from './pages/parts.ts'
import { isTooLong } from './password-rules.ts'
import { canonicalAlias, signIn } from './sign-in.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

const HOME = '/login'

/** `GET` and `POST /login`. */
export async function loginRoutes(app: FastifyInstance, { services }: SignInRouteOptions): Promise<void> {
  app.addHook('preHandler', requireNetwork)
  app.get(HOME, { schema: pageSchema('showSignIn', 'The sign-in page') }, (request, reply) =>
    answerLogin(services, request, reply),
  )
  app.post(HOME, { schema: pageSchema('signIn', 'Sign in with username and password') }, (request, reply) =>
    submitLogin(services, request, reply),
  )
}

async function answerLogin(
  { sessions, address }: SignInServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, tenant, texts, query, cookieHeader } = visitorOf(request)
  const continueTo = continueOf(query.get('continue') ?? undefined)
  const notice = noticeOf(texts, query.get('notice'))
  const session = await sessions.find(ctx, tenant, cookieHeader)
  if (session && continueTo === undefined) {
    const referenceUrl = `${originsOf(tenant, address()).api}/sallyport/v1/docs`
    return show(request, reply, welcomePage(texts, { ...session.identity, notice, referenceUrl }))
  }
  // An application that asks for a fresh sign-in and names nobody most often means the same person.
  const username = readLoginHint(query.get('login_hint') ?? undefined) ?? session?.identity.alias
  return showForm(request, reply, { continueTo, notice, username })
}

/** What happened before this page, from a list of ours: nobody can make the page say something else by a link. */
function noticeOf(texts: SignInTexts, name: string | null): string | undefined {
  if (name === 'reset') return texts.reset.done
  return name === 'changed' ? texts.change.done : undefined
}

async function submitLogin(
  services: SignInServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, tenant, texts, cookieHeader } = visitorOf(request)
  const form = formOf(services, request, ['username', 'password', 'remember', 'continue'])
  const continueTo = continueOf(form.continue)
  const { username = '', password = '' } = form
  if (isTooLong(password)) return showTooLong(request, reply)
  // Who may be known here is asked for their name first: others on their network must not keep them out.
  if (!services.devices.mayKnow(cookieHeader)) requireAdmission(services.failures.check(tenant.id, ctx.network))
  const alias = canonicalAlias(username)
  const wantsRemembering = form.remember === 'yes'
  const wanted = { tenant, alias, password, wantsRemembering, cookieHeader, texts, response: reply.raw }
  const cookies = await signIn(services, ctx, wanted)
  if (cookies) return redirect(reply.header('set-cookie', cookies), continueTo ?? HOME)
  return showForm(request, reply, { continueTo, username, isRefused: true })
}

function showForm(
  request: FastifyRequest,
  reply: FastifyReply,
  form: Pick<LoginForm, 'continueTo' | 'username' | 'isRefused' | 'notice'>,
): FastifyReply {
  const { token, tenant, texts } = visitorOf(request)
  const mayRemember = tenant.settings.session.rememberMe
  const content = loginPage(texts, { token, tenantName: tenant.displayName, mayRemember, ...form })
  return show(request, reply, content, {
    status: form.isRefused ? 403 : 200,
    // The answer to this form may lead on to an application's own address, which only its request knows.
    ...(form.continueTo !== undefined && { formAction: null }),
  })
}

/** Refused before it is hashed: no such password can have been set. */
function showTooLong(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { texts } = visitorOf(request)
  const way = { href: HOME, text: texts.errors.retry }
  return show(request, reply, message(texts.login.title, texts.objections.too_long, way), { status: 400 })
}
