import { excerpt } from '../../config/printable.ts'
import { durationWords } from '../terminal/duration.ts'
import { CliFailure } from '../terminal/failure.ts'
import { type Answer, exchange } from '../connection/http-exchange.ts'
import { isJsonObject, type JsonObject, textClaim } from '../connection/token-claims.ts'
import { fail, type Finding, type Found, ok, skipped, warn } from './findings.ts'

const NAME = 'info'
const SKEW_MS_WARN = 30_000
const SKEW_MS_FAIL = 300_000

/** What a server tells about itself, and when. */
export interface ServerInfo {
  readonly tenantName: string | undefined
  /** The clock of the server, in Unix milliseconds; undefined where it does not say. */
  readonly serverMs: number | undefined
}

/** Does a tenant answer there? `GET /oauth/info` needs no credential. */
export async function askInfo(origin: URL): Promise<Found<ServerInfo>> {
  const answer = await ask({
    method: 'GET',
    url: new URL('/oauth/info', origin),
    headers: { accept: 'application/json' },
  })
  if (answer instanceof CliFailure) return { finding: fail(NAME, wordsOf(answer), answer.story.fix) }
  const { status, headers } = answer
  if (status >= 300 && status < 400) {
    const location = excerpt(String(headers['location'] ?? 'somewhere else'))
    return { finding: fail(NAME, `The address sends clients on to ${location}.`, 'Use the API host itself.') }
  }
  const info = objectIn(answer)
  const tokenEndpoint = info && textClaim(info, 'tokenEndpoint')
  if (status !== 200 || !info || tokenEndpoint === undefined)
    return { finding: fail(NAME, `GET /oauth/info is answered with ${status}, ${kindOf(answer)}.`, fixFor(status)) }
  const tenantName = textClaim(info, 'tenantName')
  const value: ServerInfo = { tenantName, serverMs: timeOf(headers['date']) }
  return { finding: hostFinding(origin, tenantName, tokenEndpoint), value }
}

function hostFinding(origin: URL, tenantName: string | undefined, tokenEndpoint: string): Finding {
  const named = URL.parse(tokenEndpoint)?.host
  const tenant = `The tenant ${excerpt(tenantName ?? '')} answers`
  if (named === origin.host) return ok(NAME, `${tenant}.`)
  return warn(NAME, `${tenant}, and calls its token endpoint ${excerpt(tokenEndpoint)}.`, 'Prefer that host.')
}

const fixFor = (status: number): string =>
  status === 404 || status === 200
    ? 'No tenant answers there: check the tenant in the host name, and that it is the API host ({tenant}.api.{domain}).'
    : 'What answers there is a proxy, or a server that is not well: look into its log.'

/** Do the clocks of this machine and of the server agree? */
export function checkClock({ serverMs }: ServerInfo, nowMs: number): Finding {
  if (serverMs === undefined) return skipped('clock', 'The server does not tell its time.')
  const skewMs = Math.abs(serverMs - nowMs)
  if (skewMs < SKEW_MS_WARN) return ok('clock', 'This machine and the server agree on the time.')
  const message = `The clocks of this machine and of the server are ${durationWords(skewMs)} apart.`
  const fix = 'Let both follow network time (NTP): tokens and certificates are judged by the clock.'
  return skewMs < SKEW_MS_FAIL ? warn('clock', message, fix) : fail('clock', message, fix)
}

function timeOf(date: string | string[] | undefined): number | undefined {
  const timeMs = Date.parse(String(date ?? ''))
  return Number.isNaN(timeMs) ? undefined : timeMs
}

/** As `exchange`, with a failure to answer as a value. */
export async function ask(question: Parameters<typeof exchange>[0]): Promise<Answer | CliFailure> {
  try {
    return await exchange(question)
  } catch (error) {
    if (error instanceof CliFailure) return error
    throw error
  }
}

/** The JSON object that an answer holds; undefined for anything else. */
export function objectIn({ body }: Answer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What an answer looks like, in words. */
export function kindOf(answer: Answer): string {
  if (objectIn(answer)) return 'JSON of another kind'
  return /^\s*</.test(answer.body) ? 'a web page' : answer.body === '' ? 'nothing' : 'something that is not JSON'
}

/** What and why of a failure, in a row. */
export const wordsOf = ({ story: { what, why } }: CliFailure): string => `${what} ${why}`
