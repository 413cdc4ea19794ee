import { decide } from '../access/decide.ts'
import { suggestFixes } from '../access/fixes.ts'
import type { Operation, Principal } from '../access/policy.ts'
import { type Question, targetOf } from '../access/question.ts'
import type { BearerAuthenticator } from '../admission/authenticate-bearer.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import { DomainError } from '../errors.ts'
import type { Visit } from '../front-door/visit.ts'
import { canonicalPath } from '../http/path.ts'
import type { RequestContext } from '../request-context.ts'
import { type CredentialSources, isOwnedBy, principalOfCredential } from './principal-of-credential.ts'
import type { RecentRefusals } from './recent-refusals.ts'
import type { ExplainBody, Explanation } from './schemas.ts'

export interface ExplainServices extends CredentialSources {
  catalogs: Catalogs
  bearers: BearerAuthenticator
  refusals: RecentRefusals
}

/** Who asks for an explanation, where. */
export interface Asking {
  ctx: RequestContext
  visit: Visit
  caller: Principal
}

/**
 * Explains what would happen to a request, or what did happen to one, by the very function that decides.
 * @throws DomainError `invalid` for an incomplete question, `forbidden` about another's credential, `not_found`.
 */
export async function explain(services: ExplainServices, asking: Asking, body: ExplainBody): Promise<Explanation> {
  if (body.trackingId !== undefined) return explainRefusal(services, asking, body.trackingId)
  const { method, path } = body
  if (method === undefined || path === undefined)
    throw new DomainError('invalid', 'Say what to explain: method and path, or a trackingId.')
  const operations = await services.catalogs.find(asking.ctx.db, asking.ctx.tenantId)
  const { target } = findOperation(operations, method.toUpperCase(), pathOf(path))
  const headers = lowerCaseNames(body.headers)
  return explanationOf({
    authentication: await authenticationOf(services, asking, { body, authorization: headers?.get('authorization') }),
    rate: { allowed: true },
    target,
    experimentalHeader:
      headers === undefined ? 'unknown' : headers.get('x-sailpoint-experimental') === 'true' ? 'sent' : 'not_sent',
  })
}

function pathOf(path: string): string {
  if (!path.startsWith('/')) throw new DomainError('invalid', 'Give the path alone, from its first slash on.')
  const canonical = canonicalPath(path.split('?', 1)[0] as string)
  if (canonical !== undefined) return canonical
  throw new DomainError('invalid', 'The path is refused before any decision: it holds dot segments or odd characters.')
}

type Authentication = Question['authentication']

async function authenticationOf(
  services: ExplainServices,
  asking: Asking,
  { body, authorization }: { body: ExplainBody; authorization: string | undefined },
): Promise<Authentication> {
  const { caller, ctx } = asking
  if (body.persona && body.clientId !== undefined)
    throw new DomainError('invalid', 'Give a persona or a clientId, not both.')
  if (body.persona) return { principal: principalOfPersona(body.persona) }
  if (authorization !== undefined) return services.bearers.authenticate(asking.visit, authorization)
  if (body.clientId === undefined || body.clientId === caller.clientId) return { principal: caller }
  if (!isAdministrator(caller) && !(await isOwnedBy(services, ctx, { caller, clientId: body.clientId })))
    throw new DomainError(
      'forbidden',
      'Only an ORG_ADMIN may explain the credential of somebody else. Ask about your own, or give a persona.',
    )
  return principalOfCredential(services, ctx, body.clientId)
}

function principalOfPersona({ context, scopes = [], userLevels = [] }: NonNullable<ExplainBody['persona']>): Principal {
  if (context === 'application' && userLevels.length > 0)
    throw new DomainError(
      'invalid',
      'A persona in application context has no user levels: nobody stands behind the token.',
    )
  const identityId = context === 'user' ? '' : null
  return { context, clientId: '', scopes, identityId, userLevels, customLevelScopes: [] }
}

function explainRefusal({ refusals }: ExplainServices, { ctx, caller }: Asking, trackingId: string): Explanation {
  const refusal = refusals.find(ctx.tenantId, trackingId)
  const isOwn =
    refusal !== undefined &&
    'principal' in refusal.question.authentication &&
    isSame(refusal.question.authentication.principal, caller)
  if (!refusal || !(isOwn || isAdministrator(caller)))
    throw new DomainError('not_found', 'No refusal with this tracking id is known here, or it is not yours to see.')
  return { ...explanationOf(refusal.question), refusedAt: new Date(refusal.refusedAtMs).toISOString() }
}

const isSame = (one: Principal, other: Principal): boolean =>
  one.identityId === null ? one.clientId === other.clientId : one.identityId === other.identityId

const isAdministrator = (caller: Principal): boolean => caller.userLevels.includes('ORG_ADMIN')

function explanationOf(question: Question): Explanation {
  const decision = decide(question)
  const operation = targetOf(question)?.operation
  return {
    allowed: decision.allowed,
    status: decision.status,
    reason: decision.reason,
    operation: operation ? describeOperation(operation) : null,
    checks: decision.checks.map((check) => ({
      ...check,
      expected: listed(check.expected),
      actual: listed(check.actual),
    })),
    fixes: suggestFixes(question, decision).map((fix) => ({ ...fix })),
  }
}

const listed = (value: string | readonly string[] | null): string | string[] | null =>
  typeof value === 'string' || value === null ? value : [...value]

const describeOperation = ({
  policy,
  isDeprecated,
  ...operation
}: Operation): NonNullable<Explanation['operation']> => ({
  ...operation,
  userScopes: policy.userScopes && [...policy.userScopes],
  applicationScopes: policy.applicationScopes && [...policy.applicationScopes],
  userLevels: [...policy.userLevels],
  experimental: policy.isExperimental,
  deprecated: isDeprecated,
  assumed: policy.assumed,
})

const lowerCaseNames = (headers: Record<string, string> | undefined): Map<string, string> | undefined =>
  headers && new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
