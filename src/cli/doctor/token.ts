import { excerpt } from '../../config/printable.ts'
import type { Credential } from '../connection/connection.ts'
import { CliFailure } from '../terminal/failure.ts'
import type { Answer } from '../connection/http-exchange.ts'
import { describeToken } from '../jwt/token-description.ts'
import { decodeToken, describeBearer, textClaim } from '../connection/token-claims.ts'
import { fail, type Finding, type Found, ok, skipped, warn } from './findings.ts'
import { ask, kindOf, objectIn, type ServerInfo, wordsOf } from './info.ts'

const NAME = 'token'

/** Does the token endpoint give a token for the credential? */
export async function obtainToken(origin: URL, credential: Credential): Promise<Found<string>> {
  if (credential.kind === 'token')
    return { finding: skipped(NAME, 'A token is set, so none is asked for.'), value: credential.token }
  const { clientId, clientSecret } = credential
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await ask({
    method: 'POST',
    url: new URL('/oauth/token', origin),
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  if (answer instanceof CliFailure) return { finding: fail(NAME, wordsOf(answer), answer.story.fix) }
  const body = objectIn(answer) ?? {}
  const token = textClaim(body, 'access_token')
  if (answer.status === 200 && token !== undefined)
    return { finding: ok(NAME, 'The token endpoint gives a token.'), value: token }
  const error = textClaim(body, 'error') ?? ''
  const said = textClaim(body, 'error_description') ?? (error || kindOf(answer))
  const message = `The token endpoint refuses (${answer.status}): ${excerptOf(said)}`
  return { finding: fail(NAME, message, fixFor(answer, { error, said })) }
}

const WORDS_MAX = 300
const excerptOf = (words: string): string => (words.length > WORDS_MAX ? excerpt(words) : words)

function fixFor({ status }: Answer, { error, said }: { error: string; said: string }): string {
  if (/network/i.test(said))
    return 'Let an administrator add the address of this machine to the allowed networks of the tenant, or call from one.'
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type')
    return 'Give the client the grant CLIENT_CREDENTIALS (only a CONFIDENTIAL one may have it), or use a personal access token.'
  if (error === 'invalid_scope') return 'Ask for no scope, or for one that the credential has.'
  if (error === 'invalid_client' || status === 401)
    return 'Check that id and secret belong together and to this tenant, and that the credential is enabled and not expired; else make a new secret.'
  if (status === 403)
    return 'Something in front of the server, or a network rule, turns this machine away: ask whoever runs it.'
  if (status === 404 || status === 405) return 'That is no token endpoint: use the API host of the tenant.'
  if (status === 429) return 'Too many attempts failed: wait a minute, and mend the credential first.'
  return 'The server is not well: look into its log, or try again later.'
}

/** Can this token be meant? What it says of itself, unverified. */
export function checkBearer(token: string, { tenantName }: ServerInfo, nowMs: number): Finding {
  const decoded = decodeToken(token)
  if (!decoded) return warn('bearer', 'The token is none that can be looked into.', 'Let the server judge it.')
  const { kind, isExpired, sentences } = describeToken(decoded, nowMs)
  if (kind !== 'access') return fail('bearer', sentences[0] ?? '', 'Use the access_token of a token answer.')
  if (isExpired) return fail('bearer', `The token is too old. ${sentences.at(-2) ?? ''}`, 'Get a new one.')
  const org = textClaim(decoded.claims, 'org')
  if (org !== undefined && tenantName !== undefined && org !== tenantName)
    return fail(
      'bearer',
      `The token is of the tenant ${excerpt(org)}, and ${excerpt(tenantName)} answers.`,
      'Use a token of this tenant.',
    )
  return ok('bearer', `The token ${describeBearer(decoded)}.`)
}
