import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Principal } from '../access/policy.ts'
import type { Catalogs } from '../catalogs/catalogs.ts'
import { DomainError } from '../errors.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { customScopesOf, type GrantingLevels, type UserLevels } from '../user-levels/find.ts'
import { renderers } from './formats.ts'
import { accessMatrix, type MatrixEntry } from './matrix.ts'

export interface MatrixRouteOptions {
  services: { catalogs: Catalogs; userLevels: UserLevels }
  contextOf: ContextOf
}

const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }))
/** What may be asked of the matrix; every part that is given must hold. */
export const filters = {
  version: Text,
  method: Text,
  path: Text,
  context: Text,
  scope: Text,
  userLevel: Text,
  catalog: Text,
  q: Text,
  format: Type.Optional(Type.Enum(['json', 'csv', 'markdown', 'html'])),
}
const Query = Type.Object(
  {
    ...filters,
    asContext: Type.Optional(Type.Enum(['user', 'application'])),
    asScopes: Type.Optional(Type.String({ maxLength: 20_000, description: 'Space-separated.' })),
    asUserLevels: Type.Optional(Type.String({ maxLength: 20_000, description: 'Space-separated.' })),
  },
  { additionalProperties: false },
)
type Query = Static<typeof Query>

const Strings = Type.Array(Type.String())
const Nullable = Type.Union([Type.String(), Type.Null()])
export const MatrixEntries = Type.Array(
  Type.Object({
    version: Type.String(),
    method: Type.String(),
    path: Type.String(),
    operationId: Nullable,
    summary: Nullable,
    context: Type.String(),
    userScopes: Strings,
    applicationScopes: Strings,
    userLevels: Strings,
    experimental: Type.Boolean(),
    deprecated: Type.Boolean(),
    assumed: Nullable,
    catalog: Type.String(),
    allowed: Type.Optional(Type.Boolean()),
    reason: Type.Optional(Nullable),
  }),
)

/** Which endpoints need a user? Every operation with what it demands, filtered, for people and for programs. */
export async function matrixRoutes(
  app: FastifyInstance,
  { services: { catalogs, userLevels }, contextOf }: MatrixRouteOptions,
): Promise<void> {
  app.get<{ Querystring: Query }>(
    '/sallyport/v1/access-matrix',
    {
      schema: {
        operationId: 'getAccessMatrix',
        summary: 'What every operation demands, and whether a persona may call it',
        security: [{ anyToken: [] }],
        querystring: Query,
        response: {
          200: { content: { 'application/json': { schema: MatrixEntries }, '*/*': { schema: Type.String() } } },
          ...errorResponses(400, 401, 403, 429),
        },
      },
    },
    async (request, reply) => {
      const visit = visitOf(request.raw)
      const { db, tenantId } = contextOf(visit)
      const { entries } = await catalogs.find(db, tenantId)
      const persona = personaOf(request.query, await userLevels.find(db, tenantId))
      const matrix = accessMatrix(entries, request.query, persona)
      return sendMatrix(request, reply, matrix)
    },
  )
}

/** Sends the matrix as `format` or `Accept` asks for it. */
export function sendMatrix(
  { query, headers }: FastifyRequest<{ Querystring: Pick<Query, 'format'> }>,
  reply: FastifyReply,
  matrix: readonly MatrixEntry[],
): FastifyReply {
  const format = query.format ?? formatOf(headers.accept ?? '')
  if (format === 'json') return reply.type('application/json; charset=utf-8').send(matrix)
  const renderer = renderers[format]
  // The page needs nothing but itself.
  return reply.type(renderer.contentType).headers(QUIET).send(renderer.render(matrix))
}

const QUIET = {
  'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

function formatOf(accept: string): NonNullable<Query['format']> {
  if (/text\/csv/.test(accept)) return 'csv'
  if (/text\/markdown/.test(accept)) return 'markdown'
  return /text\/html/.test(accept) ? 'html' : 'json'
}

function personaOf({ asContext, asScopes, asUserLevels }: Query, levels: GrantingLevels): Principal | undefined {
  if (asContext === undefined) {
    if (asScopes === undefined && asUserLevels === undefined) return undefined
    throw new DomainError('invalid', 'Say in which context the persona calls: asContext=user or asContext=application.')
  }
  const userLevels = words(asUserLevels)
  if (asContext === 'application' && userLevels.length > 0)
    throw new DomainError(
      'invalid',
      'A persona in application context has no user levels: nobody stands behind the token.',
    )
  const identityId = asContext === 'user' ? '' : null
  const customLevelScopes = customScopesOf(userLevels, levels)
  return { context: asContext, clientId: '', scopes: words(asScopes), identityId, userLevels, customLevelScopes }
}

const words = (text = ''): string[] => text.split(/[\s,]+/).filter((word) => word !== '')
