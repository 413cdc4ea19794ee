import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { STATUS_CODES } from '../http/node-http.ts'
import { isObject, type JsonSchema, membersOf, schemaOf } from './json-schema.ts'
import { subjectOf } from './layout.ts'
import { demandOf, requirementsOf } from './security.ts'

/** The path of a route as OpenAPI writes it. */
export const templatedPath = (url: string): string => url.replaceAll(/:([A-Za-z0-9_]+)/g, '{$1}')

/** What a route declares, as an OpenAPI operation. */
export function operationOf({ method, url, schema }: DeclaredRoute): JsonSchema {
  const requirements = requirementsOf(schema['security'])
  const userLevels = Array.isArray(schema['x-sailpoint-userLevels']) ? schema['x-sailpoint-userLevels'] : undefined
  const { description } = schema
  const demand = demandOf(requirements, userLevels ?? [])
  return {
    operationId: schema['operationId'],
    summary: schema['summary'],
    description: typeof description === 'string' ? `${description}\n\n${demand}` : demand,
    tags: [subjectOf(url)],
    ...(schema['deprecated'] === true && { deprecated: true }),
    security: requirements,
    ...(userLevels && { 'x-sailpoint-userLevels': userLevels }),
    parameters: parametersOf(url, schema),
    ...bodyOf(method, schema['body']),
    responses: responsesOf(schema['response']),
  }
}

function parametersOf(url: string, schema: DeclaredRoute['schema']): JsonSchema[] {
  const inPath = new Map(membersOf(schema['params']).map((member) => [member.name, member.schema]))
  const names = [...url.matchAll(/:([A-Za-z0-9_]+)/g)].map(([, name = '']) => name)
  return [
    ...names.map((name) => parameter('path', name, true, inPath.get(name) ?? { type: 'string' })),
    ...membersOf(schema['querystring']).map(({ name, isRequired, schema: query }) =>
      parameter('query', name, isRequired, query),
    ),
    ...(schema['x-experimental'] === true ? [EXPERIMENTAL] : []),
  ]
}

const parameter = (place: string, name: string, required: boolean, { description, ...schema }: JsonSchema) => ({
  name,
  in: place,
  required,
  ...(description !== undefined && { description }),
  schema,
})

const EXPERIMENTAL = {
  name: 'X-SailPoint-Experimental',
  in: 'header',
  required: true,
  description: 'Says that you know the operation may change.',
  schema: { type: 'string', default: 'true' },
}

function bodyOf(method: string, declared: unknown): JsonSchema {
  if (!isObject(declared)) return {}
  const schema = schemaOf(declared)
  const isPatch = method === 'PATCH' && schema['type'] === 'array'
  return {
    requestBody: {
      required: true,
      content: { [isPatch ? 'application/json-patch+json' : 'application/json']: { schema } },
    },
  }
}

function responsesOf(declared: unknown): JsonSchema {
  if (!isObject(declared)) return { default: { description: 'An answer.' } }
  return Object.fromEntries(
    Object.entries(declared).map(([status, answer]) => [
      status,
      { description: STATUS_CODES[status] ?? 'An answer', ...contentOf(answer) },
    ]),
  )
}

function contentOf(answer: unknown): JsonSchema {
  if (!isObject(answer)) return {}
  const { content, type } = answer
  if (isObject(content))
    return {
      content: Object.fromEntries(
        Object.entries(content).map(([media, of]) => [media, { schema: schemaOf(isObject(of) ? of['schema'] : {}) }]),
      ),
    }
  if (type === 'null') return {}
  return { content: { [type === 'string' ? '*/*' : 'application/json']: { schema: schemaOf(answer) } } }
}
