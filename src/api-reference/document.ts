import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import type { TenantOrigins } from '../tenants/origins.ts'
import { errorSchemas, type JsonSchema } from './json-schema.ts'
import { type DocumentText, documentWith, type LargeMember, largeMember } from './large-document.ts'
import { type Layout, layoutOf, subjectOf } from './layout.ts'
import { operationOf, templatedPath } from './operation.ts'
import { requirementsOf, securitySchemes } from './security.ts'

/** What a document says of routes, the same for every tenant: made of what they declare, it cannot lag behind them. */
export interface DescribedRoutes {
  readonly tags: readonly { name: string }[]
  readonly scopes: readonly string[]
  readonly paths: LargeMember
}

/** Describes the routes of a layout, or all. */
export function describeRoutes(routes: readonly DeclaredRoute[], layout: Layout | undefined): DescribedRoutes {
  const wanted = routes.filter(({ url }) => layout === undefined || layoutOf(url) === layout)
  return {
    tags: [...new Set(wanted.map(({ url }) => subjectOf(url)))].sort().map((name) => ({ name })),
    scopes: scopesOf(wanted),
    paths: largeMember('paths', pathsOf(wanted)),
  }
}

/** The OpenAPI 3.1 document of one tenant. */
export function openApiDocument(
  { tags, scopes, paths }: DescribedRoutes,
  { tenantName, origins }: { tenantName: string; origins: TenantOrigins },
): DocumentText {
  const members = {
    openapi: '3.1.0',
    info: {
      title: `Sallyport of ${tenantName}`,
      version: '1',
      description: `Tokens, credentials, people and settings of ${tenantName}. Scopes of one entry are alternatives: any one suffices.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origins.api }],
    tags,
    security: [{ userAuth: [SCOPE_ALL] }],
    components: { securitySchemes: securitySchemes(origins, scopes), schemas: errorSchemas },
  }
  return documentWith(members, paths)
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
