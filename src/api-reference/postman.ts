import { sample } from 'openapi-sampler'
import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { isObject, type JsonSchema, schemaOf } from './json-schema.ts'
import { type DocumentText, documentWith, type LargeMember, largeMember } from './large-document.ts'
import { layoutOf, layouts, subjectOf } from './layout.ts'
import { operationOf } from './operation.ts'

const FORMAT = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** The routes as a collection has them, the same for every tenant: a folder per layout, in it one per subject. */
export function postmanFolders(routes: readonly DeclaredRoute[]): LargeMember {
  const callable = routes.filter(isCallable)
  const folders = layouts.flatMap((layout) => {
    const inLayout = callable.filter(({ url }) => layoutOf(url) === layout)
    const subjects = Map.groupBy(inLayout, ({ url }) => subjectOf(url))
    return inLayout.length === 0 ? [] : [{ name: layout, item: [...subjects].map(folderOf) }]
  })
  return largeMember('item', folders)
}

/** The Postman collection of a tenant. It holds no address and no secret. */
export function postmanCollection(folders: LargeMember, tenantName: string): DocumentText {
  const members = {
    info: {
      name: `Sallyport of ${tenantName}`,
      description: 'Choose the environment that belongs to it, and fill in clientId and clientSecret.',
      schema: FORMAT,
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    event: [script('prerequest', FETCH_TOKEN)],
  }
  return documentWith(members, folders)
}

/** Pages are for browsers, tokens come by the script below, and a stream of events has no end to run to. */
const isCallable = ({ url, schema }: DeclaredRoute): boolean =>
  layoutOf(url) !== 'oauth' && !url.startsWith('/sallyport/v1/docs') && !isStream(schema['response'])

const isStream = (response: unknown): boolean => JSON.stringify(response ?? {}).includes('"text/event-stream"')

/** The variables of the collection: the tenant's address, and an empty place for a credential. */
export const postmanEnvironment = (tenantName: string, baseUrl: string): JsonSchema => ({
  name: `Sallyport of ${tenantName}`,
  values: [
    { key: 'baseUrl', value: baseUrl, type: 'default', enabled: true },
    { key: 'clientId', value: '', type: 'default', enabled: true },
    { key: 'clientSecret', value: '', type: 'secret', enabled: true },
    { key: 'accessToken', value: '', type: 'secret', enabled: true },
    { key: 'accessTokenUntil', value: '0', type: 'default', enabled: true },
  ],
  _postman_variable_scope: 'environment',
})

const folderOf = ([name, routes]: [string, DeclaredRoute[]]): JsonSchema => ({ name, item: routes.map(itemOf) })

function itemOf(route: DeclaredRoute): JsonSchema {
  const operation = operationOf(route)
  const body = bodyOf(route)
  const isExperimental = route.schema['x-experimental'] === true
  const isPublic = isObject(operation) && Array.isArray(operation['security']) && operation['security'].some(isEmpty)
  return {
    name: operation['summary'],
    event: [script('test', testOf(route))],
    request: {
      method: route.method,
      description: operation['description'],
      ...(isPublic && { auth: { type: 'noauth' } }),
      header: [
        { key: 'Accept', value: 'application/json' },
        ...(body ? [{ key: 'Content-Type', value: body.contentType }] : []),
        ...(isExperimental ? [{ key: 'X-SailPoint-Experimental', value: 'true' }] : []),
      ],
      url: urlOf(route, operation),
      ...(body && { body: { mode: 'raw', raw: body.text, options: { raw: { language: 'json' } } } }),
    },
  }
}

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0

function urlOf({ url }: DeclaredRoute, operation: JsonSchema): JsonSchema {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isObject) : []
  const inPlace = (place: string): JsonSchema[] => parameters.filter((each) => each['in'] === place)
  return {
    raw: `{{baseUrl}}${url}`,
    host: ['{{baseUrl}}'],
    path: url.split('/').slice(1),
    query: inPlace('query').map(({ name, description, required, schema }) => ({
      key: name,
      value: required === true ? textOf(valueFor(schema)) : '',
      ...(typeof description === 'string' && { description }),
      disabled: required !== true,
    })),
    variable: inPlace('path').map(({ name, schema }) => ({ key: name, value: textOf(valueFor(schema)) })),
  }
}

function bodyOf({ method, schema }: DeclaredRoute): { contentType: string; text: string } | undefined {
  if (!isObject(schema['body'])) return undefined
  const declared = schemaOf(schema['body'])
  const isPatch = method === 'PATCH' && declared['type'] === 'array'
  const value = isPatch ? [{ op: 'replace', path: '/name', value: 'text' }] : valueFor(declared)
  return {
    contentType: isPatch ? 'application/json-patch+json' : 'application/json',
    text: JSON.stringify(value, null, 2),
  }
}

const valueFor = (schema: unknown): unknown => sample(isObject(schema) ? schema : {}, { quiet: true })

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))

const script = (listen: 'prerequest' | 'test', lines: readonly string[]): JsonSchema => ({
  listen,
  script: { type: 'text/javascript', exec: lines },
})

/** A credential that does not hold, or too many requests, are no answer to be content with. */
function testOf({ schema }: DeclaredRoute): string[] {
  const declared = isObject(schema['response']) ? Object.keys(schema['response']).map(Number) : []
  const wanted = declared.filter((status) => status !== 401 && status !== 429)
  return [
    "pm.test('the answer is one of those documented', () => {",
    `  pm.expect(pm.response.code).to.be.oneOf([${wanted.join(', ')}])`,
    '})',
  ]
}

const FETCH_TOKEN = [
  '// Exchanges clientId and clientSecret for an access token, and keeps it until a minute before it ends.',
  "const isStillGood = Number(pm.environment.get('accessTokenUntil')) > Date.now()",
  "if (!isStillGood && pm.environment.get('clientId')) {",
  '  const form = [',
  "    { key: 'grant_type', value: 'client_credentials' },",
  "    { key: 'client_id', value: pm.environment.get('clientId') },",
  "    { key: 'client_secret', value: pm.environment.get('clientSecret') },",
  '  ]',
  "  const url = pm.environment.get('baseUrl') + '/oauth/token'",
  "  pm.sendRequest({ url, method: 'POST', body: { mode: 'urlencoded', urlencoded: form } }, (error, answer) => {",
  "    if (error || answer.code !== 200) throw new Error('No token: ' + (error || answer.text()))",
  '    const { access_token, expires_in } = answer.json()',
  "    pm.environment.set('accessToken', access_token)",
  "    pm.environment.set('accessTokenUntil', String(Date.now() + (expires_in - 60) * 1000))",
  '  })',
  '}',
]
