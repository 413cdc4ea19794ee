// A web application whose users sign in with Sallyport: authorization code with PKCE, refresh, sign-out.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { authorizationUrl, discover, exchangeCode, refresh, revoke } from './oauth.js'

const { SALLYPORT_URL = 'http://localhost:8080', PORT = '3000', CLIENT_ID, CLIENT_SECRET_FILE } = process.env
const ORIGIN = `http://localhost:${PORT}`
const SESSIONS_MAX = 1000

const client = {
  id: CLIENT_ID ?? '4d0a8f3e-5c7b-4e9d-8a2f-1b3c5d7e9f20',
  secret: readSecret(CLIENT_SECRET_FILE ?? new URL('../../data/demo/portal.secret', import.meta.url)),
  redirectUri: `${ORIGIN}/callback`,
}
const server = await discover(SALLYPORT_URL).catch((error) =>
  giveUp(`${SALLYPORT_URL} cannot be asked (${error.message}). Start Sallyport first, or set SALLYPORT_URL.`),
)

/** What each browser is up to, by the id in its cookie: a sign-in that is under way, or tokens. They never leave here. */
const sessions = new Map()

/** What is answered to what; a browser that is not known has an empty session. */
const routes = {
  'GET /': async ({ session }) => page(session.tokens ? await whoami(session) : '<p><a href="/login">Sign in</a>'),

  'GET /login': async () => {
    const { url, pending } = authorizationUrl(server, client)
    return redirect(url, { pending })
  },

  'GET /callback': async ({ session, query }) => {
    if (!session.pending) return page('<p>Nobody is signing in here. <a href="/login">Start again</a>', 400)
    const { pending } = session
    delete session.pending
    // A new id after signing in: one that somebody planted before is worth nothing.
    return redirect('/', { tokens: await exchangeCode(server, client, query, pending) })
  },

  'POST /refresh': async ({ session }) => {
    if (session.tokens) session.tokens = await refresh(server, client, session.tokens)
    return redirect('/')
  },

  'POST /logout': async ({ session, id }) => {
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
<form method="post"><button formaction="/refresh">Refresh</button> <button formaction="/logout">Sign out</button></form>`
}

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (body, status = 200) => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html lang="en"><title>Portal</title><h1>Portal</h1>${body}</html>`,
})

/** Leads the browser on; with a session, under a new id. */
const redirect = (location, newSession) => ({ status: 303, headers: { location }, newSession })

async function answerTo({ method, url }, id) {
  const { pathname, searchParams: query } = new URL(url, ORIGIN)
  const name = `${method} ${pathname}`
  if (!Object.hasOwn(routes, name)) return page('<p>Not found', 404)
  try {
    return await routes[name]({ id, query, session: sessions.get(id) ?? {} })
  } catch (error) {
    return page(`<p>${escape(error.message)} <a href="/">Back</a>`, 502)
  }
}

/** The cookie is Lax: a form on another site cannot send it along, so nobody is signed out from there. */
function startSession(oldId, session) {
  sessions.delete(oldId)
  if (sessions.size >= SESSIONS_MAX) sessions.delete(sessions.keys().next().value)
  const id = randomBytes(32).toString('base64url')
  sessions.set(id, session)
  return { 'set-cookie': `portal=${id}; Path=/; HttpOnly; SameSite=Lax` }
}

function readSecret(file) {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    return giveUp(`${error.message}. Start Sallyport's demo first, or set CLIENT_SECRET_FILE.`)
  }
}

function giveUp(message) {
  console.error(message)
  process.exit(1)
}

createServer(async (request, response) => {
  const id = /(?:^|; )portal=([\w-]{43})/.exec(request.headers.cookie ?? '')?.[1]
  const { status, headers, body, newSession } = await answerTo(request, id)
  const cookie = newSession && startSession(id, newSession)
  response.writeHead(status, { ...headers, ...cookie, 'cache-control': 'no-store' }).end(body)
}).listen(PORT, 'localhost', () => console.log(`Open ${ORIGIN}`))
