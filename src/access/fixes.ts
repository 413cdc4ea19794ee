import type { Decision } from './decide.ts'
import { EXPERIMENTAL_HEADER } from './describe-check.ts'
import { type Question, type Sides, sidesOf } from './question.ts'
import type { ReasonCode } from './reasons.ts'
import { holdsLevelFor, meetsScope, requiredLevels, requiredScopes, sufficientLevels } from './requirements.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import { isGranted } from './scope-grants.ts'
import { anyOf, inSeconds } from './words.ts'

/** One thing to do about a refusal, in words for a newcomer. Of `scopes`, `userLevels` and `methods` any one will do. */
export type Fix =
  | { readonly kind: 'wait'; readonly message: string; readonly seconds: number }
  | { readonly kind: 'send_header'; readonly message: string; readonly header: string }
  | { readonly kind: 'use_method'; readonly message: string; readonly methods: readonly string[] }
  | { readonly kind: 'add_scope'; readonly message: string; readonly scopes: readonly string[] }
  | { readonly kind: 'use_personal_access_token'; readonly message: string; readonly scopes: readonly string[] }
  | { readonly kind: 'use_api_client'; readonly message: string; readonly scopes: readonly string[] }
  | { readonly kind: 'ask_for_level'; readonly message: string; readonly userLevels: readonly string[] }
  | { readonly kind: 'check_path' | 'send_token' | 'get_new_token' | 'ask_administrator'; readonly message: string }

const smallestFirst: readonly Fix['kind'][] = [
  'wait',
  'send_token',
  'send_header',
  'use_method',
  'check_path',
  'get_new_token',
  'add_scope',
  'use_personal_access_token',
  'use_api_client',
  'ask_for_level',
  'ask_administrator',
]

const getNewToken = (message: string) => () => [{ kind: 'get_new_token', message }] as const
const sendToken = (message: string) => () => [{ kind: 'send_token', message }] as const
const askAdministrator = (message: string) => () => [{ kind: 'ask_administrator', message }] as const

/** Another token changes its scopes and its identity as well, so these wait until it is there. */
const settledByOtherToken: ReadonlySet<ReasonCode> = new Set(['scope.missing', 'scope.beyond_level', 'level.missing'])

const fixesByReason: Partial<Record<ReasonCode, (question: Question) => readonly Fix[]>> = {
  'auth.missing': sendToken('Send an access token with the request, in the header Authorization: Bearer <token>.'),
  'auth.malformed': sendToken(
    'Send one access token, whole and unchanged, in the header Authorization: Bearer <token>.',
  ),
  'auth.invalid': getNewToken('Get a new access token from the token endpoint of this tenant and send it unchanged.'),
  'auth.expired': getNewToken('The token has run out. Get a new one from the token endpoint.'),
  'auth.revoked': getNewToken('The token was withdrawn. Get a new one; if that fails, the credential needs replacing.'),
  'auth.wrong_type': getNewToken('Send the access_token of the token response, not its refresh_token or a secret.'),
  'auth.wrong_tenant': getNewToken('Get the token from the tenant that you call: tenants do not accept each other’s.'),
  'client.disabled': askAdministrator('Ask an administrator to enable the credential, or use another one.'),
  'owner.disabled': askAdministrator('Ask an administrator to enable the owner of the credential, or use another’s.'),
  'network.denied': askAdministrator('Call from an allowed network, or ask an administrator to allow yours.'),
  'tenant.suspended': askAdministrator('The whole tenant is suspended: ask whoever runs this installation.'),
  'state.stale': () => [wait(1)],
  'rate.limited': ({ rate }) => (rate.allowed ? [] : [wait(rate.retryAfterSeconds)]),
  'operation.unknown': checkPath,
  'operation.method_not_allowed': useMethod,
  'operation.unusable': askAdministrator('Ask an administrator to map the security schemes in the catalog’s settings.'),
  'header.experimental_required': sendHeader,
  'context.user_required': withSides(usePersonalAccessToken),
  'context.application_required': withSides(useApiClient),
  'scope.missing': withSides(addRequiredScope),
  'scope.beyond_level': withSides(reachFurther),
  'level.missing': withSides(askForLevel),
}

/**
 * What to do about a refused decision, smallest first; empty when it was allowed. Each failed check gives its own, so
 * a request that fails twice needs two of them.
 */
export function suggestFixes(question: Question, decision: Decision): readonly Fix[] {
  const codes = decision.checks.flatMap(({ code }) => code ?? [])
  const isWrongContext = codes.some((code) => code.startsWith('context.'))
  return codes
    .filter((code) => !(isWrongContext && settledByOtherToken.has(code)))
    .flatMap((code) => fixesByReason[code]?.(question) ?? [])
    .toSorted((one, other) => smallestFirst.indexOf(one.kind) - smallestFirst.indexOf(other.kind))
}

function wait(seconds: number): Fix {
  return { kind: 'wait', message: `Wait ${inSeconds(seconds)} and try again.`, seconds }
}

function checkPath(): readonly Fix[] {
  const message = 'Check the path: its version prefix, its spelling, and upper and lower case, which differ.'
  return [{ kind: 'check_path', message }]
}

function useMethod({ target }: Question): readonly Fix[] {
  const methods = target !== null && 'allowedMethods' in target ? target.allowedMethods : []
  return [{ kind: 'use_method', message: `Use ${anyOf(methods)}, or check the path.`, methods }]
}

function sendHeader(): readonly Fix[] {
  const message = `Send the header ${EXPERIMENTAL_HEADER}. It says that you know the operation may still change.`
  return [{ kind: 'send_header', message, header: EXPERIMENTAL_HEADER }]
}

function usePersonalAccessToken(sides: Sides): readonly Fix[] {
  const scopes = requiredScopes(sides) ?? []
  const message =
    'Use a personal access token (PAT), or a token of the authorization code flow: these act as a person. ' +
    `An API client with its own credentials never does, and more scopes do not change that.${scopeHint(scopes)}`
  return [{ kind: 'use_personal_access_token', message, scopes }]
}

function useApiClient(sides: Sides): readonly Fix[] {
  const scopes = requiredScopes(sides) ?? []
  const message = `Use an API client with the client credentials grant: it acts without a user.${scopeHint(scopes)}`
  return [{ kind: 'use_api_client', message, scopes }]
}

function scopeHint(scopes: readonly string[]): string {
  if (scopes.length === 0 || scopes.includes(SCOPE_DEFAULT)) return ''
  return ` Its scope must include ${anyOf([...new Set([...scopes, SCOPE_ALL])])}.`
}

function addRequiredScope(sides: Sides): readonly Fix[] {
  const required = requiredScopes(sides) ?? []
  const useful = required.filter((scope) => isWithinLevels(sides, scope))
  return [addScope(useful.length > 0 ? useful : required)]
}

function reachFurther(sides: Sides): readonly Fix[] {
  const others = (requiredScopes(sides) ?? []).filter((scope) => !meetsScope(sides.principal, scope))
  const useful = others.filter((scope) => isWithinLevels(sides, scope))
  return [...(useful.length > 0 ? [addScope(useful)] : []), ...askForLevel(sides)]
}

/** A scope that passes the scope check only to fail the level check is no help. */
function isWithinLevels(sides: Sides, scope: string): boolean {
  const { principal, policy, grants } = sides
  const doGrantsDecide = principal.context === 'user' && requiredLevels(policy).length === 0 && !holdsLevelFor(sides)
  return !doGrantsDecide || isGranted(grants, scope, principal)
}

function addScope(scopes: readonly string[]): Fix {
  const message =
    `Add the scope ${anyOf(scopes)} to the credential, then get a new token: ` +
    'a token keeps the scopes that it was issued with.'
  return { kind: 'add_scope', message, scopes }
}

function askForLevel(sides: Sides): readonly Fix[] {
  const userLevels = sufficientLevels(sides)
  if (userLevels.length === 0) {
    return [{ kind: 'ask_administrator', message: 'Ask an administrator to grant one of the scopes to a user level.' }]
  }
  const message = `Ask an administrator for the user level ${anyOf(userLevels)}. It counts at once, for live tokens too.`
  return [{ kind: 'ask_for_level', message, userLevels }]
}

function withSides(fixes: (sides: Sides) => readonly Fix[]) {
  return (question: Question): readonly Fix[] => {
    const sides = sidesOf(question)
    return sides === undefined ? [] : fixes(sides)
  }
}
