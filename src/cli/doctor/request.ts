import { versionOf } from '../../access/api-version.ts'
import { problemWithRedirectUri } from '../../oauth/redirect-uri.ts'
import { CliFailure } from '../terminal/failure.ts'
import type { Answer } from '../connection/http-exchange.ts'
import { refusalOf } from '../connection/refusal.ts'
import { decodeToken, userOf } from '../connection/token-claims.ts'
import { fail, type Finding, ok, skipped, warn } from './findings.ts'
import { ask, wordsOf } from './info.ts'

/** Could the redirect URI be registered at all? */
export function checkRedirect(uri: string | undefined): Finding {
  if (uri === undefined) return skipped('redirect', 'No --redirect-uri was named.')
  const problem = problemWithRedirectUri(uri)
  if (problem !== undefined) return fail('redirect', `The redirect URI ${problem}.`, 'Register and send one that does.')
  return ok('redirect', 'The redirect URI may be registered; what is sent must equal it, letter for letter.')
}

const OURS = /^\/(?:oauth|sallyport|\.well-known)\//

/** Does the path name a version of the API? */
export function checkVersion(path: string | undefined): Finding {
  if (path === undefined) return skipped('version', 'No request was named.')
  const version = versionOf(path.split('?', 1)[0] as string)
  if (version !== 'other') return ok('version', `The path is of the API version ${version}.`)
  if (OURS.test(path)) return ok('version', 'The path needs no API version.')
  const message = 'The path names none of the versions v3, beta, v2024, v2025, v2026, nor /{resource}/v1.'
  return warn('version', message, 'If ISC is meant, put one in front: /v2025/identities.')
}

/** What becomes of the request, and if it is refused, which of the gates it fails at. */
export async function tryRequest(
  origin: URL,
  path: string | undefined,
  { token, isExperimental }: { token: string; isExperimental: boolean },
): Promise<Finding> {
  if (path === undefined) return skipped('request', 'No request was named: doctor client GET /v3/sources')
  const answer = await ask({
    method: 'GET',
    url: new URL(path, origin),
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(isExperimental && { 'x-sailpoint-experimental': 'true' }),
    },
  })
  if (answer instanceof CliFailure) return fail('request', wordsOf(answer), answer.story.fix)
  const { status } = answer
  if (status >= 200 && status < 300) return ok('request', `GET ${path} is answered with ${status}.`)
  const failure = refusalOf(answer, { request: `GET ${path}`, token })
  return fail('request', wordsOf(failure), fixFor(answer, failure, token))
}

const fixes: ReadonlyMap<string, string> = new Map([
  ['auth.missing', 'A proxy in between takes the Authorization header away: let it pass.'],
  ['auth.expired', 'Get a new token, and check the clocks.'],
  ['auth.revoked', 'Get a new token; the credential or its owner was changed.'],
  ['auth.wrong_tenant', 'Use the host of the tenant that the token is of.'],
  ['client.disabled', 'Enable the client, or use another credential.'],
  ['owner.disabled', 'Enable the identity, or use the credential of another one.'],
  ['network.denied', 'Let an administrator add the address of this machine to the allowed networks, or call from one.'],
  ['header.experimental_required', 'Send the header X-SailPoint-Experimental: true (here: --experimental).'],
  [
    'context.user_required',
    'Use a personal access token: this operation needs a user, and an API client acts without one.',
  ],
  ['context.application_required', 'Use an API client: this operation takes no users.'],
  ['scope.missing', 'Add one of the scopes to the credential, and get a new token.'],
  ['scope.beyond_level', 'Ask for a user level that grants the scope: a scope alone gives nothing.'],
  ['level.missing', 'Ask an administrator for one of the user levels that the operation names.'],
])

/** What to do; where the server gives no reason, what its status and the token make likely. */
function fixFor({ status, body }: Answer, { story }: CliFailure, token: string): string {
  const known = fixes.get(story.code)
  if (known !== undefined) return story.trackingId ? `${known} More: sallyport explain ${story.trackingId}` : known
  if (status === 401)
    return /required/i.test(body)
      ? 'The server saw no token: a proxy in between takes the Authorization header away, or it is spelled differently.'
      : 'The server does not take the token: check that it is of this tenant, not expired, and its credential enabled.'
  if (status === 400 && /experimental/i.test(body)) return fixes.get('header.experimental_required') ?? ''
  if (status === 403) return likelyFix(token)
  if (status === 404) return 'Check version, path and ids: what is unknown, and what is hidden from you, look alike.'
  if (status === 405) return 'The path is known, and not for GET.'
  return story.fix
}

function likelyFix(token: string): string {
  const claims = decodeToken(token)?.claims ?? {}
  const scopes = [claims['scope']].flat().join(' ').split(' ')
  if (userOf(claims) === undefined)
    return 'The token has no user, which most operations need: use a personal access token. If not that, a scope is missing.'
  if (!scopes.includes('sp:scopes:all'))
    return 'Compare the scopes of the token with those that the operation names; if one is there, the user level is missing.'
  return 'The token has every scope, so what is missing is a user level: ask an administrator for one that the operation names.'
}
