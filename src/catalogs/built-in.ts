import type { Operation } from '../access/policy.ts'
import { readOperations } from './document/read-operations.ts'

/** The name of the catalog that our own routes make up. */
export const BUILT_IN = 'sallyport'

/** A route of ours, with what its schema declares in OpenAPI's words. */
export interface DeclaredRoute {
  method: string
  /** As Fastify writes it: `/v3/things/:id`. */
  url: string
  schema: Record<string, unknown>
}

/**
 * The operations of our own routes, read from their schemas just as an imported document is: they pass the same
 * decision and stand in the same matrix as everybody else's.
 */
export function builtInOperations(routes: readonly DeclaredRoute[]): Operation[] {
  const paths: Record<string, Record<string, object>> = {}
  for (const { method, url, schema } of routes) {
    const path = url.replace(/:([A-Za-z0-9_]+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(schema) }
  }
  const document = { openapi: '3.1.0', paths, components: { securitySchemes: {} } }
  return readOperations(document, { catalog: BUILT_IN, prefix: '', schemes: { anyToken: 'any' }, isBuiltIn: true })
    .operations
}

const operationOf = (schema: Record<string, unknown>): object => ({
  operationId: schema['operationId'],
  summary: schema['summary'],
  deprecated: schema['deprecated'],
  security: schema['security'],
  'x-sailpoint-userLevels': schema['x-sailpoint-userLevels'],
  parameters: schema['x-experimental'] === true ? [EXPERIMENTAL_PARAMETER] : [],
})

const EXPERIMENTAL_PARAMETER = { name: 'X-SailPoint-Experimental', in: 'header', required: true }
