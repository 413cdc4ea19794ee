import { findConnection } from './connection.ts'
import { type Answer, type Ask, exchange } from './http-exchange.ts'
import type { Io } from '../terminal/io.ts'
import { printHint } from '../terminal/output.ts'
import { type ServerOptions, withProfile } from '../profiles/with-profile.ts'
import { refusalOf, strangeAnswer } from './refusal.ts'

/** A signed-in conversation with one server. */
export interface Client {
  readonly origin: string
  /** The access token in use, for looking at; it is not verified. */
  readonly token: string
  /**
   * Sends a request, an object as JSON, and answers what the JSON of the answer says; undefined for an empty one.
   * @throws CliFailure for every answer that is not a success, and when there is none.
   */
  readonly send: (ask: ClientAsk) => Promise<unknown>
  /** As `send`. */
  readonly get: (path: string) => Promise<unknown>
  /** As `send`. */
  readonly post: (path: string, body: object) => Promise<unknown>
  /** As `send`, with a JSON Patch (RFC 6902). */
  readonly patch: (path: string, operations: readonly object[]) => Promise<unknown>
  /** As `send`. */
  readonly delete: (path: string) => Promise<unknown>
}

/** One request of a command. */
export interface ClientAsk {
  readonly method: Ask['method']
  /** With its query, beginning with a slash. */
  readonly path: string
  readonly body?: object | Uint8Array
  /** Of a body in bytes; objects are JSON. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Signs in with the credential of the environment or of a profile (client credentials, RFC 6749 §4.4) and answers a client that sends
 * the headers `always` with each request.
 *
 * @throws CliFailure when there is no credential, it is rejected, or the server does not answer.
 */
export async function openClient(
  io: Io,
  options: ServerOptions,
  always: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const { origin, credential, isExposed } = findConnection(await withProfile(io, options), options)
  if (isExposed) printHint(io, `Careful: ${origin} is not encrypted, and the credential goes there as it is.`)
  const token = credential.kind === 'token' ? credential.token : await obtainToken(origin, credential)
  const send = async ({ method, path, body, contentType = 'application/json', headers }: ClientAsk) => {
    const answer = await exchange({
      method,
      url: new URL(path, origin),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': contentType }),
        ...always,
        ...headers,
      },
      ...(body !== undefined && { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    })
    if (answer.status < 200 || answer.status > 299) {
      // What was searched for is no part of what may not be done, and makes the line hard to read.
      const [resource = path] = path.split('?')
      throw refusalOf(answer, { request: `${method} ${resource}`, token })
    }
    return answer.body === '' ? undefined : parseJson(answer, `${method} ${path}`)
  }
  return {
    origin,
    token,
    send,
    get: (path) => send({ method: 'GET', path }),
    post: (path, body) => send({ method: 'POST', path, body }),
    patch: (path, body) => send({ method: 'PATCH', path, body, contentType: 'application/json-patch+json' }),
    delete: (path) => send({ method: 'DELETE', path }),
  }
}

async function obtainToken(origin: string, credential: { clientId: string; clientSecret: string }): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
  })
  const answer = await exchange({
    method: 'POST',
    url: new URL('/oauth/token', origin),
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  if (answer.status !== 200) throw refusalOf(answer, { request: 'POST /oauth/token', clientId: credential.clientId })
  const body = parseJson(answer, 'POST /oauth/token')
  const token = typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : undefined
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw strangeAnswer('POST /oauth/token', 'has no access token')
  return token
}

function parseJson({ body }: Answer, request: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw strangeAnswer(request, 'is not JSON')
  }
}
