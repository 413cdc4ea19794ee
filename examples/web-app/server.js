// A web application whose users sign in with Sallyport: authorization code with PKCE, refresh, sign-out.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { authorizationUrl, discover, exchangeCode, refresh, revoke } from './oauth.js'

const SALLYPORT = process.env.SALLYPORT_URL ?? 'http://localhost:8080'
const PORT = 3000
const secretFile = process.env.CLIENT_SECRET_FILE ?? new URL('../../data/demo/portal.secret', import.meta.url)
const client = {
  id: process.env.CLIENT_ID ?? '4d0a8f3e-5c7b-4e9d-8a2f-1b3c5d7e9f20',
  secret: readFileSync(secretFile, 'utf8').trim(),
  redirectUri: `http://localhost:${PORT}/callback`,
}
const server = await discover(SALLYPORT)

/** What each browser is up to, by the id in its cookie: a sign-in that is under way, or tokens. They never leave here. */
const sessions = new Map()

const routes = {
  '/': async ({ session }) => page(session.tokens ? await whoami(session) : '<a href="/login">Sign in</a>'),

  '/login': async ({ session }) => {
    const { url, pending } = authorizationUrl(server, client)
    session.pending = pending
    return redirect(url)
  },

  '/callback': async ({ session, query }) => {
    const { pending } = session
    delete session.pending
    if (!pending) return page('Nobody is signing in here. <a href="/login">Start again</a>', 400)
    const tokens = await exchangeCode(server, client, query, pending)
    // A new id after signing in: one that somebody planted before is worth nothing.
    return redirect('/', { tokens })
  },

  '/refresh': async ({ session }) => {
    if (session.tokens) session.tokens = await refresh(server, client, session.tokens)
    return redirect('/')
  },

  '/logout': async ({ session, id }) => {
    sessions.delete(id)
    if (session.tokens) await revoke(server, client, session.tokens.refresh_token)
    return redirect(server.end_session_endpoint)
  },
}

/** Calls the API as the person who is signed in. What they may do there is not this application's business. */
async function whoami({ tokens }) {
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'))
  const answer = await fetch(`${server.issuer}/v2025/identities`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  const reason = answer.headers.get('sallyport-reason') ?? 'let in'
  return `<p>You are <strong>${escape(claims.user_name)}</strong>, until ${new Date(claims.exp * 1000).toISOString()}.
<p>GET /v2025/identities: ${answer.status}, ${escape(reason)}
<p><a href="/refresh">Refresh</a> <a href="/logout">Sign out</a>`
}

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
const page = (body, status = 200) => ({ status, headers: { 'content-type': 'text/html; charset=utf-8' }, body })
const redirect = (location, newSession) => ({ status: 303, headers: { location }, newSession })

createServer(async (request, response) => {
  const url = new URL(request.url, `http://localhost:${PORT}`)
  let id = /(?:^|; )portal=([\w-]{43})/.exec(request.headers.cookie ?? '')?.[1]
  if (!sessions.has(id)) sessions.set((id = newId()), {})
  const route = request.method === 'GET' && Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined
  let answer
  try {
    answer = route ? await route({ id, session: sessions.get(id), query: url.searchParams }) : page('Not found', 404)
  } catch (error) {
    answer = page(`${escape(error.message)} <a href="/">Back</a>`, 502)
  }
  if (answer.newSession) {
    sessions.delete(id)
    sessions.set((id = newId()), answer.newSession)
  }
  const cookie = `portal=${id}; Path=/; HttpOnly; SameSite=Lax`
  response.writeHead(answer.status, { ...answer.headers, 'set-cookie': cookie, 'cache-control': 'no-store' })
  response.end(answer.body)
}).listen(PORT, 'localhost', () => console.log(`Open http://localhost:${PORT}`))

function newId() {
  return randomBytes(32).toString('base64url')
}
