import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { CliFailure } from '../terminal/failure.ts'

const CONNECT_TIMEOUT_MS = 5000
const ANSWER_TIMEOUT_MS = 30_000
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** One request to a server. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** What came back, whatever the status. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/**
 * Sends one request. Redirects are not followed, so that a credential never goes where nobody sent it.
 *
 * @throws CliFailure `unreachable` when no whole answer comes in time.
 */
export async function exchange(ask: Ask): Promise<Answer> {
  const { Agent, request } = await import('undici')
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupLocalNames },
    maxResponseSize: MAX_ANSWER_BYTES,
  })
  try {
    const { method, url, headers, body = null } = ask
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const response = await request(url, { method, headers, body, signal, dispatcher })
    return { status: response.statusCode, headers: response.headers, body: await response.body.text() }
  } catch (error) {
    throw unreachable(ask.url.origin, error)
  } finally {
    await dispatcher.destroy()
  }
}

// Names below localhost are this machine (RFC 6761 §6.3), which not every resolver knows.
export const lookupLocalNames: LookupFunction = (name, options, callback) => {
  lookup(name.toLowerCase().endsWith('.localhost') ? 'localhost' : name, options, callback)
}

export function unreachable(origin: string, cause: unknown): CliFailure {
  const code = codeOf(cause)
  const [why, fix] = explanationOf(code, origin)
  return new CliFailure(
    {
      exit: 'unreachable',
      code: 'server.unreachable',
      what: `No answer from ${origin}.`,
      why: `${why} (${code}).`,
      fix,
    },
    { cause },
  )
}

function explanationOf(code: string, origin: string): readonly [string, string] {
  if (code === 'ECONNREFUSED') {
    return ['Nothing listens there', 'Start the server with npm start, or name another one in SALLYPORT_URL.']
  }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) {
    return ['The name is unknown', 'Check the spelling of SALLYPORT_URL, and the network.']
  }
  if (/ALTNAME/.test(code))
    return ['Its certificate is for another name', 'Use the name that stands in the certificate.']
  if (/CERT|SIGNATURE|SELF_SIGNED/.test(code)) {
    return ['Its certificate is not trusted', 'Name the certificate authority: export NODE_EXTRA_CA_CERTS=ca.pem']
  }
  if (/^(EPROTO|ERR_SSL|HPE_)/.test(code)) {
    const other = origin.startsWith('https:') ? 'http:' : 'https:'
    return ['It speaks another protocol', `Try SALLYPORT_URL=${origin.replace(/^https?:/, other)}`]
  }
  if (/TIMEOUT|ETIMEDOUT|TimeoutError/.test(code)) {
    return ['It took too long', 'Check that the address is right and the server is well: its /readyz tells.']
  }
  return ['The connection broke', 'Try again; if it stays so, look into the log of the server.']
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
