// The client's side of OAuth 2.0, with nothing but fetch. A library such as openid-client does the same.
import { createHash, randomBytes } from 'node:crypto'

/** Reads where everything is (RFC 8414), from the server that these addresses are to belong to. */
export async function discover(origin) {
  const answer = await fetch(`${origin}/.well-known/oauth-authorization-server`)
  if (!answer.ok) throw new Error(`it answers ${answer.status}`)
  const server = await answer.json()
  if (server.issuer !== origin) throw new Error(`it calls itself ${server.issuer}`)
  return server
}

/** Where to send the browser, and what to remember until it comes back (RFC 6749 §4.1.1, RFC 7636). */
export function authorizationUrl(server, client) {
  const pending = { state: random(), verifier: random() }
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUri,
    state: pending.state,
    code_challenge: createHash('sha256').update(pending.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return { url: `${server.authorization_endpoint}?${query}`, pending }
}

/** Exchanges the code that the browser brought, if the answer is the one that was asked for (RFC 9207). */
export async function exchangeCode(server, client, query, { state, verifier }) {
  if (query.get('state') !== state) throw new Error('This answer belongs to another sign-in.')
  if (query.get('iss') !== server.issuer) throw new Error('This answer comes from another server.')
  if (query.has('error')) throw new Error(`Not signed in: ${query.get('error')}, ${query.get('error_description')}`)
  return requestToken(server, client, {
    grant_type: 'authorization_code',
    code: query.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
}

/** Trades the refresh token for new tokens; it is used up, and the answer holds its successor. */
export const refresh = (server, client, { refresh_token }) =>
  requestToken(server, client, { grant_type: 'refresh_token', refresh_token })

/** Ends the tokens (RFC 7009). */
export async function revoke(server, client, token) {
  const answer = await post(server.revocation_endpoint, client, { token })
  if (!answer.ok) throw new Error(`Not revoked: ${answer.status}`)
}

async function requestToken(server, client, fields) {
  const answer = await post(server.token_endpoint, client, fields)
  const body = await answer.json()
  if (!answer.ok) throw new Error(`No token: ${body.error}, ${body.error_description}`)
  return body
}

const post = (url, { id, secret }, fields) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ ...fields, client_id: id, client_secret: secret }) })

const random = () => randomBytes(32).toString('base64url')
