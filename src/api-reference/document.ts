import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import type { TenantOrigins } from '../tenants/origins.ts'
import { errorSchemas, type JsonSchema } from './json-schema.ts'
import { type Layout, layoutOf, subjectOf } from './layout.ts'
import { operationOf, templatedPath } from './operation.ts'
import { requirementsOf, securitySchemes } from './security.ts'

/** For whom a document is made, and which of its parts are wanted. */
export interface DocumentOptions {
  tenantName: string
  origins: TenantOrigins
  /** All, where left out. */
  layout?: Layout | undefined
}

/** The routes as an OpenAPI 3.1 document of one tenant: made of what they declare, so that it cannot lag behind them. */
export function describeRoutes(
  routes: readonly DeclaredRoute[],
  { tenantName, origins, layout }: DocumentOptions,
): JsonSchema {
  const wanted = routes.filter(({ url }) => layout === undefined || layoutOf(url) === layout)
  return {
    openapi: '3.1.0',
    info: {
      title: `Sallyport of ${tenantName}`,
      version: '1',
      description: `Tokens, credentials, people and settings of ${tenantName}. Scopes of one entry are alternatives: any one suffices.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origins.api }],
    tags: [...new Set(wanted.map(({ url }) => subjectOf(url)))].sort().map((name) => ({ name })),
    security: [{ userAuth: [SCOPE_ALL] }],
    paths: pathsOf(wanted),
    components: { securitySchemes: securitySchemes(origins, scopesOf(wanted)), schemas: errorSchemas },
  }
}

function pathsOf(routes: readonly DeclaredRoute[]): JsonSchema {
  const uses = Map.groupBy(routes, ({ schema }) => schema['operationId'])
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const operation = operationOf(route)
    const { operationId } = operation
    const isShared = (uses.get(operationId)?.length ?? 0) > 1
    const path = templatedPath(route.url)
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: isShared ? { ...operation, operationId: idIn(route.url, operationId) } : operation,
    }
  }
  return paths
}

/** Layouts share their operation ids, and a document may use an id once. */
const idIn = (url: string, operationId: unknown): string => {
  const layout = layoutOf(url)
  return `${String(operationId)}${layout.charAt(0).toUpperCase()}${layout.slice(1)}`
}

function scopesOf(routes: readonly DeclaredRoute[]): string[] {
  const requirements = routes.flatMap(({ schema }) => requirementsOf(schema['security']))
  return [...new Set([SCOPE_ALL, SCOPE_DEFAULT, ...requirements.flatMap((each) => Object.values(each).flat())])].sort()
}
