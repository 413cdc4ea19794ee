import { excerpt, printable } from '../../config/printable.ts'
import type { ExitName } from '../terminal/exit-codes.ts'
import { CliFailure, type FailureStory } from '../terminal/failure.ts'
import type { Answer } from './http-exchange.ts'
import { decodeToken, describeBearer, isJsonObject } from './token-claims.ts'

const MAX_WORDS_LENGTH = 500
const TAKEN = '400.1.409'
const MISSPELT = 'Check the spelling, or list what there is.'

const exitsByStatus: ReadonlyMap<number, ExitName> = new Map([
  [401, 'credential'],
  [403, 'denied'],
  [404, 'notFound'],
  [409, 'conflict'],
  [429, 'rateLimited'],
  [502, 'unreachable'],
  [503, 'unreachable'],
  [504, 'unreachable'],
])

/** What was asked, and as whom, when it was refused. */
export interface RefusedRequest {
  /** Method and path. */
  readonly request: string
  readonly token?: string
  /** Set when the request was for a token. */
  readonly clientId?: string
}

/** The failure that an answer other than a success stands for. */
export function refusalOf(answer: Answer, refused: RefusedRequest): CliFailure {
  const body = parseBody(answer.body)
  const code = codeOf(answer, body)
  const isClientRejected = refused.clientId !== undefined && /^(invalid_client|unauthorized_client)$/.test(code)
  const exit = isClientRejected ? 'credential' : exitOf(answer, body)
  const trackingId = headerOf(answer, 'slpt-request-id') ?? textOf(body['trackingId'])
  return new CliFailure({
    exit,
    code,
    what: `${whatOf(exit, refused)} (${answer.status})`,
    why: whyOf(body, answer, refused),
    fix: wordsOf(body) !== undefined && exit === 'notFound' ? MISSPELT : fixOf(exit, answer, trackingId),
    ...(trackingId === undefined ? {} : { trackingId: printable(trackingId.slice(0, 80)) }),
  })
}

/** The failure that an answer with a success status stands for when it makes no sense. */
export function strangeAnswer(request: string, problem: string): CliFailure {
  return new CliFailure({
    exit: 'failed',
    code: 'answer.strange',
    what: `The answer to ${request} ${problem}.`,
    why: 'What answers there is not Sallyport, or another version of it.',
    fix: 'Check SALLYPORT_URL, and sallyport --version against the version of the server.',
  })
}

/** ISC answers that a name is taken with 400, and says so in the detail code. */
function exitOf({ status }: Answer, { detailCode }: Readonly<Record<string, unknown>>): ExitName {
  if (status === 400 && textOf(detailCode)?.startsWith(TAKEN)) return 'conflict'
  return exitsByStatus.get(status) ?? 'failed'
}

function whatOf(exit: ExitName, { request, clientId }: RefusedRequest): string {
  if (exit === 'credential' && clientId !== undefined) return `The server rejected the client ${excerpt(clientId)}.`
  if (exit === 'credential') return `The server rejected the token for ${request}.`
  if (exit === 'denied') return `You may not ask for ${request}.`
  if (exit === 'notFound') return `The server does not know what ${request} asks for.`
  if (exit === 'rateLimited') return `Too many requests: ${request} was turned away.`
  if (exit === 'unreachable') return `The server cannot answer ${request} now.`
  return `The server refused ${request}.`
}

function whyOf(
  body: Readonly<Record<string, unknown>>,
  { status, headers }: Answer,
  { token }: RefusedRequest,
): string {
  const words = wordsOf(body)
  if (status >= 300 && status < 400) return `It sends to ${excerpt(String(headers['location'] ?? 'somewhere else'))}.`
  const decoded = status === 403 && token !== undefined ? decodeToken(token) : undefined
  const bearer = decoded === undefined ? '' : ` The token ${describeBearer(decoded)}.`
  return printable(`${words ?? 'It gave no reason.'}${bearer}`.slice(0, MAX_WORDS_LENGTH))
}

function fixOf(exit: ExitName, answer: Answer, trackingId: string | undefined): FailureStory['fix'] {
  if (answer.status >= 300 && answer.status < 400) return 'Name the server itself in SALLYPORT_URL.'
  if (exit === 'credential')
    return 'Check the credential, and that it is enabled. Step by step: sallyport doctor client'
  if (exit === 'denied' && isTrackingId(trackingId)) return `Ask why: sallyport explain ${trackingId}`
  if (exit === 'denied') return 'Use a credential with more rights; sallyport explain METHOD PATH tells which.'
  if (exit === 'notFound') return 'Check the path and the address: the API lives on the host of its tenant.'
  if (exit === 'rateLimited' || exit === 'unreachable') {
    const seconds = headerOf(answer, 'retry-after')
    return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? `Try again in ${seconds} s.` : 'Try again in a moment.'
  }
  if (exit === 'conflict') return 'Look at what is there now. If a name is taken, give another one.'
  if (answer.status === 400) return 'Correct that, and try again.'
  return isTrackingId(trackingId)
    ? `Look for ${trackingId} in the log of the server.`
    : 'Look into the log of the server.'
}

function codeOf(answer: Answer, { error }: Readonly<Record<string, unknown>>): string {
  const code = headerOf(answer, 'sallyport-reason') ?? textOf(error) ?? ''
  return /^[a-z_.]{1,64}$/.test(code) ? code : `http.${answer.status}`
}

/** The words of the error shapes in use: OAuth (RFC 6749 §5.2), the error DTO, and those of 401 and 429. */
function wordsOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const messages = Array.isArray(body['messages']) ? body['messages'] : []
  const texts = messages.map((message: unknown) => (isJsonObject(message) ? textOf(message['text']) : undefined))
  return (
    textOf(body['error_description']) ??
    texts.find((text) => text !== undefined) ??
    textOf(body['message']) ??
    textOf(body['error'])
  )
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

function headerOf({ headers }: Answer, name: string): string | undefined {
  return textOf([headers[name]].flat()[0])
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isTrackingId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{32}$/.test(text)
}
