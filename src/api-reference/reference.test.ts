import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '@readme/openapi-parser'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { DOMAIN } from '../../test/support/test-app.ts'
import { layouts } from './layout.ts'

const app = shareTestApp()

interface Document {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, { flows: Record<string, Record<string, unknown>> }>; schemas: object }
}
interface Operation {
  operationId: string
  description: string
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required: boolean }[]
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}

async function fetchDocument(query = '', host = DOMAIN): Promise<Document> {
  const answer = await app().call('GET', `/sallyport/v1/openapi.json${query}`, { host })
  assert.equal(answer.status, 200, answer.text)
  return answer.json()
}

const idsOf = ({ paths }: Document): string[] =>
  Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId))

test('the document is valid OpenAPI 3.1, as a whole and in each of its parts', async () => {
  for (const query of ['', ...layouts.map((layout) => `?layout=${layout}`)]) {
    const document = await fetchDocument(query)

    const result = await validate(document as unknown as Parameters<typeof validate>[0])

    assert.equal(result.valid, true, `${query} ${JSON.stringify(result)}`)
    assert.equal(document.openapi, '3.1.0')
  }
})

test('every route that the server has stands in the document, and each operation id once', async () => {
  const document = await fetchDocument()

  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = app().app.routes.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(described.sort(), served.sort())
  assert.equal(new Set(idsOf(document)).size, described.length)
})

test('the parts of the document make up the whole', async () => {
  const whole = Object.keys((await fetchDocument()).paths)

  const parts = await Promise.all(layouts.map((layout) => fetchDocument(`?layout=${layout}`)))

  assert.deepEqual(parts.flatMap(({ paths }) => Object.keys(paths)).sort(), whole.sort())
})

test('an operation says who may call it, in words and as a policy', async () => {
  const { paths, components } = await fetchDocument()

  const matrix = paths['/sallyport/v1/access-matrix']?.['get']
  const usage = paths['/sallyport/v1/usage']?.['get']
  const token = paths['/oauth/token']?.['post']

  assert.deepEqual(matrix?.security, [{ userAuth: [] }, { applicationAuth: [] }])
  assert.deepEqual(usage?.security, [{ userAuth: ['sallyport:usage:read'] }])
  assert.match(usage?.description ?? '', /token of a user alone.*`sallyport:usage:read`.*`ORG_ADMIN`/)
  assert.deepEqual(token?.security, [{}])
  assert.deepEqual(Object.keys(components.securitySchemes['userAuth']?.flows ?? {}), [
    'clientCredentials',
    'authorizationCode',
  ])
  assert.deepEqual(Object.keys(components.securitySchemes['applicationAuth']?.flows ?? {}), ['clientCredentials'])
})

test('errors are told once and referred to', async () => {
  const { paths, components } = await fetchDocument()

  const answers = paths['/sallyport/v1/access-matrix']?.['get']?.responses ?? {}

  const referred = (status: string) => answers[status]?.content?.['application/json']?.schema
  assert.deepEqual(referred('403'), { $ref: '#/components/schemas/ErrorResponseDto' })
  assert.deepEqual(referred('401'), { $ref: '#/components/schemas/Unauthorized' })
  assert.deepEqual(referred('429'), { $ref: '#/components/schemas/TooManyRequests' })
  assert.ok('ErrorResponseDto' in components.schemas)
})

test('each tenant is told its own addresses', async () => {
  const { servers, components } = await fetchDocument('', `globex.api.${DOMAIN}`)

  assert.deepEqual(servers, [{ url: `http://globex.api.${DOMAIN}` }])
  const { authorizationCode = {} } = components.securitySchemes['userAuth']?.flows ?? {}
  assert.equal(authorizationCode['authorizationUrl'], `http://globex.login.${DOMAIN}/oauth/authorize`)
  assert.equal(authorizationCode['tokenUrl'], `http://globex.api.${DOMAIN}/oauth/token`)
})

for (const path of ['openapi.json', 'openapi.json?layout=v2025', 'postman/collection.json'])
  test(`whoever has ${path} is not sent it again, and gets another tenant's in full (RFC 9110 §15.4.5)`, async () => {
    const url = `/sallyport/v1/${path}`
    const first = await app().call('GET', url)
    const headers = { 'if-none-match': String(first.headers['etag']) }

    const again = await app().call('GET', url, { headers })
    const other = await app().call('GET', url, { headers, host: `globex.api.${DOMAIN}` })

    assert.match(first.text, /Sallyport of /)
    assert.deepEqual([again.status, again.text, again.headers['etag']], [304, '', first.headers['etag']])
    assert.equal(other.status, 200)
    assert.notEqual(other.headers['etag'], first.headers['etag'])
  })

test('a part that does not exist is refused', async () => {
  const answer = await app().call('GET', '/sallyport/v1/openapi.json?layout=v2')

  assert.equal(answer.status, 400)
})

test('the page and its files may load nothing from elsewhere, and run no inline script', async () => {
  const page = await app().call('GET', '/sallyport/v1/docs')
  const names = [...page.text.matchAll(/(?:src|href)="docs\/([^"]+)"/g)].map(([, name = '']) => name)

  const answers = await Promise.all(
    [...names, 'oauth2-redirect.html', 'oauth2-redirect.js'].map((name) =>
      app().call('GET', `/sallyport/v1/docs/${name}`),
    ),
  )

  assert.equal(names.length, 5)
  for (const { status, headers } of [page, ...answers]) {
    assert.equal(status, 200)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe|https?:|\*/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
  assert.doesNotMatch(page.text, /<script(?![^>]* src=)|https?:\/\//)
})

test('the page has no other files, whatever their name', async () => {
  for (const name of ['swagger-ui.js', 'routes.ts', 'constructor', '..%2froutes.ts', '__proto__']) {
    const { status } = await app().call('GET', `/sallyport/v1/docs/${name}`)

    assert.ok(status === 404 || status === 400, `${name} ${status}`)
  }
})
