import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exchange } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { apiDocument, startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const responses = { 200: { description: 'ok' } }
const anybody = { get: { security: [{ anyAuth: [] }], responses } }
const admins = { get: { security: [{ userAuth: [] }], 'x-sailpoint-userLevels': ['ORG_ADMIN'], responses } }
const paths = { '/things/{id}': anybody, '/things/admin': admins, '/things/{id}:purge': admins, '/things/@all': admins }

/** Ways to read what was sent on as the target; the first is strict, and each of the others is some upstream's. */
const readings: ((path: string) => string)[] = [
  (path) => path,
  (path) => decodeURIComponent(path),
  (path) =>
    decodeURIComponent(path)
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s.]+$/, ''),
  (path) =>
    decodeURIComponent(path)
      .replaceAll('+', ' ')
      .replaceAll(/(?<=\/) +| +$/g, ''),
  (path) => (decodeURIComponent(path).split(/[?#]/)[0] ?? '').replace(/(?<=.)\/$/, ''),
  (path) => path.replace(/(?<=[^/])\.[^./]+$/, ''),
  (path) => decodeURIComponent(path).toUpperCase().toLowerCase(),
]

/** The routes that upstreams take which read the path in each of these ways. */
function routesOf(url: string): string {
  return [...new Set(readings.map((read) => routeOf(read(url))))].join()
}

function routeOf(path: string): string {
  const last = path.replace(/^\/things\//, '')
  if (last === 'admin' || last === '@all') return `/things/${last}`
  if (last.includes('/') || last === '') return 'another'
  return last.endsWith(':purge') && last !== ':purge' ? '/things/{id}:purge' : '/things/{id}'
}

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  upstream.answer(({ url = '' }, response) => void response.end(routesOf(url)))
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url, { ...apiDocument, paths }) })
  return { app, token: await app.tokenFor('sam') }
})

async function ask(path: string): Promise<{ status: number; body: string }> {
  const { app, token } = shared()
  return exchange(
    app.origin,
    `GET ${path} HTTP/1.1`,
    `Host: ${DOMAIN}`,
    `Authorization: Bearer ${token}`,
    'Connection: close',
  )
}

/** The words, each letter in either case, plain, escaped or full-width, with whatever odd things before and after. */
const letter = (character: string) =>
  fc.constantFrom(
    character,
    character.toUpperCase(),
    `%${character.charCodeAt(0).toString(16)}`,
    encodeURIComponent(String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
  )
const word = fc
  .constantFrom('admin', '7:purge', '@all')
  .chain((text) =>
    fc.tuple(...text.split('').map((each) => fc.oneof({ weight: 5, arbitrary: fc.constant(each) }, letter(each)))),
  )
  .map((letters) => letters.join(''))
const odd = fc.constantFrom(
  '',
  '',
  '',
  '',
  '.',
  '%20',
  ' ',
  '/',
  '//',
  '/.',
  '/..',
  '%2e',
  ';x',
  '%2F',
  '%00',
  '#x',
  '\\',
  '+',
  '%2B',
  '%23',
  '%3Fx',
  '%3F',
  '.json',
  '.a.b',
  '%3A',
  '%3B',
  '%C2%AD',
  '%EF%BC%8F',
  '%EF%BC%9F',
)

test('a caller who may read things reaches no other operation, however the path is written', async () => {
  await fc.assert(
    fc.asyncProperty(word, odd, odd, async (text, before, after) => {
      const { status, body } = await ask(`/v3/things/${before}${text}${after}`)

      assert.ok([200, 400, 403, 404].includes(status), `${status}`)
      if (status === 200) assert.equal(body, '/things/{id}')
    }),
    { numRuns: 300 },
  )
})

test('a value that is no documented literal to anybody goes through as it was sent', async () => {
  for (const path of [
    '/v3/things/7',
    '/v3/things/Urn%3Aisc%3A7',
    '/v3/things/a%20b',
    '/v3/things/%c3%bc',
    '/v3/things/What%3F',
    '/v3/things/7.json',
  ])
    assert.deepEqual((await ask(path)).status, 200, path)
})

test('a path that reads two ways is 400 and says what else it can be taken for', async () => {
  const { app, token } = shared()

  const answer = await app.call('GET', '/v3/things/ADMIN', { token })

  assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [400, 'operation.ambiguous'])
  assert.match(answer.json().messages[0].text, /^The path can be taken for \/v3\/things\/admin as well /)
})
