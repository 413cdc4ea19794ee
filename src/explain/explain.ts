import type { Principal } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import type { BearerAuthenticator } from '../admission/authenticate-bearer.ts'
import { type Catalogs, findOperation } from '../catalogs/catalogs.ts'
import type { Database } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { Visit } from '../front-door/visit.ts'
import { canonicalPath } from '../http/path.ts'
import type { RequestContext } from '../request-context.ts'
import { customScopesOf, type GrantingLevels } from '../user-levels/find.ts'
import { explanationOf } from './explanation.ts'
import { explainNow, type RefusedRequest } from './now.ts'
import { type CredentialSources, isOwnedBy, principalOfCredential } from './principal-of-credential.ts'
import type { ExplainBody, Explanation } from './schemas.ts'

/** What explanations are made from. */
export interface ExplainServices extends CredentialSources {
  catalogs: Catalogs
  bearers: BearerAuthenticator
  findDenial: (db: Database, tenantId: string, trackingId: string) => Promise<KnownDenial | undefined>
}

/** A refusal that happened. */
export interface KnownDenial extends RefusedRequest {
  readonly refusedAtMs: number
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
  if (body.trackingId !== undefined) return explainDenial(services, asking, body.trackingId)
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
  if (body.persona)
    return { principal: principalOfPersona(body.persona, await services.userLevels.find(ctx.db, ctx.tenantId)) }
  if (authorization !== undefined) return services.bearers.authenticate(asking.visit, authorization)
  if (body.clientId === undefined || body.clientId === caller.clientId) return { principal: caller }
  if (!isAdministrator(caller) && !(await isOwnedBy(services, ctx, { caller, clientId: body.clientId })))
    throw new DomainError(
      'resource_denied',
      'Only an ORG_ADMIN may explain the credential of somebody else. Ask about your own, or give a persona.',
    )
  return principalOfCredential(services, ctx, body.clientId)
}

function principalOfPersona(
  { context, scopes = [], userLevels = [] }: NonNullable<ExplainBody['persona']>,
  levels: GrantingLevels,
): Principal {
  if (context === 'application' && userLevels.length > 0)
    throw new DomainError(
      'invalid',
      'A persona in application context has no user levels: nobody stands behind the token.',
    )
  const identityId = context === 'user' ? '' : null
  const customLevelScopes = customScopesOf(userLevels, levels)
  return { context, clientId: '', scopes, identityId, userLevels, customLevelScopes }
}

async function explainDenial(services: ExplainServices, asking: Asking, trackingId: string): Promise<Explanation> {
  const { ctx, caller } = asking
  const denial = await services.findDenial(ctx.db, ctx.tenantId, trackingId)
  if (!denial || !(isOwn(denial, caller) || isAdministrator(caller)))
    throw new DomainError('not_found', 'No refusal with this tracking id is known here, or it is not yours to see.')
  const now = await explainNow(services, asking, denial)
  const refusedAt = new Date(denial.refusedAtMs).toISOString()
  return { ...denial.explanation, refusedAt, ...(now && { now }) }
}

/** A person sees what happened to all of their credentials, a client what happened to itself. */
const isOwn = ({ clientId, identityId }: KnownDenial, caller: Principal): boolean =>
  caller.identityId === null ? identityId === null && clientId === caller.clientId : identityId === caller.identityId

const isAdministrator = (caller: Principal): boolean => caller.userLevels.includes('ORG_ADMIN')

const lowerCaseNames = (headers: Record<string, string> | undefined): Map<string, string> | undefined =>
  headers && new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
