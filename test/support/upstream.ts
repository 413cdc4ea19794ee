import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Owner } from './test-database.ts'
import { tenantFileFor } from './tenant-fixtures.ts'

/** What an upstream got. */
export interface Received {
  method: string
  /** The request target as it came. */
  url: string
  /** Pairs as they came, names in lower case. */
  headers: [name: string, value: string][]
  body: Buffer
}

/** A service behind the gateway, on a loopback port of its own. */
export interface Upstream {
  url: string
  received: Received[]
  /** Answers from now on; by default with 200 and nothing else. */
  answer: (handle: RequestListener) => void
  /** The next request as a stream that nobody reads yet; it is not kept among those received. */
  next: () => Promise<{ request: IncomingMessage; response: ServerResponse }>
}

/** Starts an upstream that reads whole requests, keeps them, and answers as told; gone when its owner ends. */
export async function startUpstream(owner: Owner): Promise<Upstream> {
  const received: Received[] = []
  let handle: RequestListener = (_request, response) => void response.end()
  let take: RequestListener | undefined
  const server = createServer((request, response) => {
    if (take) return take(request, response)
    keep(request, received)
    return handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const next = (): ReturnType<Upstream['next']> =>
    new Promise((resolve) => {
      take = (request, response) => {
        take = undefined
        resolve({ request, response })
      }
    })
  return { url: `http://127.0.0.1:${port}`, received, answer: (answer) => void (handle = answer), next }
}

function keep(request: IncomingMessage, received: Received[]): void {
  const { method = '', url = '', rawHeaders } = request
  const headers: Received['headers'] = []
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.push([(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? ''])
  const one: Received = { method, url, headers, body: Buffer.alloc(0) }
  received.push(one)
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => void (one.body = Buffer.concat(chunks)))
}

/** The values of one header, in the order in which they came. */
export const valuesOf = ({ headers }: Received, name: string): string[] =>
  headers.filter(([each]) => each === name).map(([, value]) => value)

const anybody = { responses: { 200: { description: 'ok' } } }
const methods = (operation: object, ...names: string[]): object =>
  Object.fromEntries(names.map((name) => [name, { ...anybody, ...operation }]))
const user = (...scopes: string[]) => ({ security: [{ userAuth: scopes }] })
const header = { name: 'X-SailPoint-Experimental', in: 'header', required: true, schema: { type: 'string' } }

/** An API that has one operation of each kind. */
export const apiDocument = {
  openapi: '3.1.0',
  info: { title: 'things', version: '1' },
  paths: {
    '/things': methods({ security: [{ anyAuth: [] }] }, 'get', 'post', 'put', 'patch', 'delete'),
    '/things/{id}': methods({ security: [{ anyAuth: [] }] }, 'get'),
    '/public': methods({ security: [{}] }, 'get', 'post'),
    '/admin': methods({ ...user('things:manage'), 'x-sailpoint-userLevels': ['ORG_ADMIN'] }, 'get'),
    '/scoped': methods({ security: [{ userAuth: ['things:read'] }, { appAuth: ['things:read', 'x:y'] }] }, 'get'),
    '/experimental': methods({ ...user(), parameters: [header] }, 'get'),
    '/': methods({ security: [{ anyAuth: [] }] }, 'get'),
  },
  components: {
    securitySchemes: Object.fromEntries(
      ['userAuth', 'appAuth', 'anyAuth'].map((name) => [name, { type: 'http', scheme: 'bearer' }]),
    ),
  },
}

const schemes = { userAuth: 'user', appAuth: 'application', anyAuth: 'any' }

/** A catalog of that API in front of an upstream. */
export const apiCatalog = (upstream: object | string, more: object = {}): object => ({
  name: 'things',
  prefix: '/v3',
  document: apiDocument,
  schemes,
  upstream,
  ...more,
})

const settings = { rateLimit: { requests: 100_000, windowSeconds: 1 } }

/** The tenants acme, whose origin is also where people sign in, and globex, with an API in front of one upstream. */
export const tenantsWithApi = (upstream: object | string, document: object = apiDocument): object[] => [
  tenantFileFor('acme', { isDefault: true, tenant: { settings }, catalogs: [apiCatalog(upstream, { document })] }),
  tenantFileFor('globex', { tenant: { settings }, catalogs: [apiCatalog(upstream, { document })] }),
]
