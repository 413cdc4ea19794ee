import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteGenericInterface } from 'fastify'

/** The layouts of ISC's management APIs, oldest first: five version prefixes, and `/{resource}/v1`. */
export const iscVersions = ['v3', 'beta', 'v2024', 'v2025', 'v2026', 'v1'] as const
/** One of them. */
export type IscVersion = (typeof iscVersions)[number]

/** What an operation of ISC's demands, as its published documents write it. */
export interface IscAccess {
  /** Any one of these scopes suffices a token that stands for a user; absent when users may not call. */
  user?: readonly string[]
  /** The same for a token that stands for a client alone. */
  application?: readonly string[]
  /** Absent where the document names none. */
  userLevels?: readonly string[]
  /** Callers must send `X-SailPoint-Experimental: true`. */
  experimental?: boolean
  /** Answers carry `X-Deprecated: true`. */
  deprecated?: boolean
}

/** An operation of ISC's, declared once for all layouts that have it. */
export interface IscRoute<Route extends RouteGenericInterface> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Without its version, parameters as Fastify writes them: `/auth-users/:id`. */
  path: string
  versions: readonly IscVersion[]
  /** As in the dated versions; `v1` appends `V1` to it. */
  operationId: string
  summary: string
  access: IscAccess | ((version: IscVersion) => IscAccess)
  /** What is taken and answered; a function where versions differ. */
  schema: ShapeSchema | ((version: IscVersion) => ShapeSchema)
  handler: (request: FastifyRequest<Route>, reply: FastifyReply, version: IscVersion) => Promise<unknown>
}

type ShapeSchema = Pick<FastifySchema, 'body' | 'querystring' | 'params' | 'response' | 'description'>

/** Where an operation lies in a layout: before the path, or for `v1` behind its first segment. */
export function pathIn(version: IscVersion, path: string): string {
  if (version !== 'v1') return `/${version}${path}`
  const [, resource = '', rest = ''] = /^(\/[^/]+)(.*)$/.exec(path) ?? []
  return `${resource}/v1${rest}`
}

/** Registers an operation in each layout that has it. Its scope must stand behind the guard. */
export function iscRoute<Route extends RouteGenericInterface>(app: FastifyInstance, route: IscRoute<Route>): void {
  for (const version of route.versions) {
    const access = typeof route.access === 'function' ? route.access(version) : route.access
    app.route({
      method: route.method,
      url: pathIn(version, route.path),
      schema: {
        ...(typeof route.schema === 'function' ? route.schema(version) : route.schema),
        operationId: version === 'v1' ? `${route.operationId}V1` : route.operationId,
        summary: route.summary,
        ...policyOf(access),
      },
      handler: (request, reply) => {
        if (access.deprecated) void reply.header('x-deprecated', 'true')
        return route.handler(request as FastifyRequest<Route>, reply, version)
      },
    })
  }
}

function policyOf({ user, application, userLevels, experimental, deprecated }: IscAccess): FastifySchema {
  return {
    security: [...(user ? [{ userAuth: user }] : []), ...(application ? [{ applicationAuth: application }] : [])],
    ...(userLevels && { 'x-sailpoint-userLevels': userLevels }),
    ...(experimental && { 'x-experimental': true }),
    ...(deprecated && { deprecated: true }),
  }
}
