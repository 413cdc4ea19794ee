import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { registerCatalog } from '../../src/cli/catalogs/catalog.ts'
import { registerSmallest } from '../../src/cli/access/smallest/smallest.ts'
import { type CommandResult, runCommandLine } from '../support/command-line.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-catalog-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))

const documentWith = (paths: object) => ({ openapi: '3.1.0', paths })
const user = (...scopes: string[]) => ({ security: [{ userAuth: scopes }] })
const both = (...scopes: string[]) => ({ security: [{ userAuth: scopes }, { applicationAuth: scopes }] })

/** Writes a file for the command, and answers its path. */
function fileWith(name: string, contents: object | string): string {
  const path = join(folder, name)
  writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents))
  return path
}

function run(
  args: string[],
  world: { as?: string; stdin?: string; register?: typeof registerCatalog } = {},
): Promise<CommandResult> {
  const { as = 'ada', register = registerCatalog, stdin } = world
  const { clientId, clientSecret } = credentialOf('acme', as)
  const env = { SALLYPORT_URL: server().url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  return runCommandLine(register, args, { env, ...(stdin !== undefined && { stdin }) })
}

const smallest = (args: string[], world: { as?: string; stdin?: string } = {}) =>
  run(['smallest', ...args], { as: 'paul', register: registerSmallest, ...world })

test('a catalog is imported, listed, shown, replaced and removed', async () => {
  const file = fileWith('orders.json', documentWith({ '/orders': { get: { security: [] } } }))
  const more = fileWith('more.json', documentWith({ '/orders': { get: user('o') }, '/parcels': { get: user('o') } }))

  const imported = await run(['catalog', 'import', 'orders', file, '--prefix', '/v1', '--upstream', 'sample'])
  const list = await run(['catalog', 'list'])
  const shown = await run(['catalog', 'show', 'orders', '--json'])
  const tried = await run(['catalog', 'replace', 'orders', more, '--dry-run'])
  const replaced = await run(['catalog', 'replace', 'orders', more])
  const careful = await run(['catalog', 'remove', 'orders'])
  const removed = await run(['catalog', 'remove', 'orders', '--yes'])
  const gone = await run(['catalog', 'show', 'orders'])

  assert.match(imported.stdout, /^operations\t1$/m)
  assert.match(imported.stdout, /^note\tassumed \/paths\/~1orders\/get\/security: /m)
  assert.match(list.stdout, /^orders\t\/v1\tsample\t1 operations\t20/m)
  assert.equal(JSON.parse(shown.stdout).assumed, 1)
  assert.match(tried.stderr, /Nothing was changed/)
  assert.match(replaced.stdout, /^operations\t2$/m)
  assert.match(replaced.stdout, /^prefix\t\/v1$/m)
  assert.deepEqual(
    [imported, list, shown, tried, replaced, careful, removed, gone].map(({ exitCode }) => exitCode),
    [0, 0, 0, 0, 0, 2, 0, 6],
  )
})

test('a document is read from standard input, and what is wrong with it is told with its place', async () => {
  const bad = await run(['catalog', 'import', 'bad', '-', '--upstream', 'sample'], { stdin: 'swagger: "2.0"\n' })
  const missing = await run(['catalog', 'import', 'bad', join(folder, 'nowhere.json'), '--upstream', 'sample'])
  const forbidden = await run(['catalog', 'list'], { as: 'paul' })

  assert.match(bad.stderr, /bad: \/swagger: this is Swagger 2.0/)
  assert.match(missing.stderr, /cannot be read \(ENOENT\)/)
  assert.deepEqual([bad.exitCode, missing.exitCode, forbidden.exitCode], [1, 2, 5])
})

const before = documentWith({
  '/same/{id}': { get: both('a') },
  '/user-only': { get: both('a') },
  '/opened': { get: user('a') },
  '/scopes': { get: user('a', 'b') },
  '/levels': { get: { ...user('a'), 'x-sailpoint-userLevels': ['HELPDESK'] } },
  '/gone': { get: user('a') },
})
const later = documentWith({
  '/same/{name}': { get: both('a') },
  '/user-only': { get: user('a') },
  '/opened': { get: both('a') },
  '/scopes': { get: user('b', 'c') },
  '/levels': { get: { ...user('a'), 'x-sailpoint-userLevels': ['HELPDESK', 'AUDITOR'] } },
  '/new': { post: user('a') },
})

test('diff tells of two files what became user-only, was lost or gained, appeared and vanished', async () => {
  const [one, other] = [fileWith('before.json', before), fileWith('after.json', later)]

  const all = await run(['catalog', 'diff', one, other])
  const breaking = await run(['catalog', 'diff', one, other, '--breaking', '--json'])
  const same = await run(['catalog', 'diff', one, one])
  const missing = await run(['catalog', 'diff', one, join(folder, 'nowhere.json')])
  const widened = await run(['catalog', 'diff', fileWith('some.json', documentWith({})), one, '--breaking'])

  assert.deepEqual(all.stdout.trimEnd().split('\n'), [
    'breaking\tGET\t/gone\tvanished',
    '-\tGET\t/levels\tgained the user level AUDITOR',
    '-\tPOST\t/new\tappeared',
    '-\tGET\t/opened\tbecame for users and applications (was user-only)',
    'breaking\tGET\t/scopes\tlost the user scope a, gained the user scope c',
    'breaking\tGET\t/user-only\tbecame user-only (was for users and applications)',
  ])
  assert.deepEqual(
    JSON.parse(breaking.stdout).map(({ path }: { path: string }) => path),
    ['/gone', '/scopes', '/user-only'],
  )
  assert.deepEqual(
    [all, breaking, same, missing, widened].map(({ exitCode }) => exitCode),
    [10, 10, 0, 2, 0],
  )
})

test('diff holds a file against a loaded catalog, whatever its prefix and with its schemes', async () => {
  const document = documentWith({ '/x': { get: { security: [{ bearerAuth: ['a'] }] } } })
  const file = fileWith('x.json', document)
  await run(['catalog', 'import', 'xs', file, '--prefix', '/v9', '--upstream', 'sample', '--scheme', 'bearerAuth=user'])

  const same = await run(['catalog', 'diff', 'xs', file])
  const changed = await run(['catalog', 'diff', 'xs', fileWith('y.json', documentWith({ '/x': { get: user('b') } }))])
  const unknown = await run(['catalog', 'diff', 'nowhere', file])

  assert.deepEqual([same.stdout, same.exitCode], ['', 0])
  assert.match(changed.stdout, /^breaking\tGET\t\/x\tlost the user scope a, gained the user scope b$/m)
  assert.equal(unknown.exitCode, 6)
})

test('smallest answers for requests of the command line, with exit code 0', async () => {
  const answer = await smallest(['--for', 'GET /v2025/identities', '--for', 'GET /v2025/identities/{id}'])

  assert.match(answer.stdout, /^A personal access token, .*, with idn:identity:read, of somebody with \S+\.$/m)
  assert.match(answer.stdout, /^suffices\tuser\tscopes: idn:identity:read\tlevels: .*HELPDESK/m)
  assert.equal(answer.exitCode, 0)
})

test('smallest says what no catalog knows, with exit code 10', async () => {
  const answer = await smallest(['--for', 'GET /v3/nowhere'])

  assert.match(answer.stdout, /^unknown\tGET \/v3\/nowhere\tno catalog has it$/m)
  assert.equal(answer.exitCode, 10)
})

const secret = 'no-server-sees-this'
const curls = `
curl -s -X POST "https://acme.api.example/v3/access-profiles" \\
  -H 'Authorization: Bearer ${secret}' -d '{"a": "${secret}"}'
curl --location 'https://acme.api.example/v3/sources?limit=2' -u "x:${secret}" | jq .
`
const har = {
  log: {
    entries: [
      {
        request: {
          method: 'GET',
          url: 'https://acme.api.example/v3/sources',
          headers: [{ name: 'authorization', value: secret }],
        },
      },
      { request: { method: 'POST', url: 'https://acme.api.example/v3/access-profiles', postData: { text: secret } } },
      { request: { method: 'GET', url: 'https://cdn.example/logo.png' } },
    ],
  },
}
const postman = {
  info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  auth: { bearer: [{ key: 'token', value: secret }] },
  item: [
    {
      item: [
        { request: { method: 'GET', url: { raw: '{{baseUrl}}/v3/sources?limit={{n}}', path: ['v3', 'sources'] } } },
      ],
    },
    { request: { method: 'POST', url: { path: ['v3', 'access-profiles'] }, body: { raw: secret } } },
  ],
}

for (const [what, contents, args] of [
  ['pasted curl commands', curls, []],
  ['lines', 'GET /v3/sources\nPOST https://acme.api.example/v3/access-profiles\n', []],
  ['a HAR', JSON.stringify(har), ['--host', 'acme.api.example']],
  ['a Postman collection', JSON.stringify(postman), []],
] as const) {
  test(`smallest reads the requests of ${what}, and sends nothing else of it`, async () => {
    const expected = await smallest(['--for', 'GET /v3/sources', 'POST /v3/access-profiles', '--json'])

    const answer = await smallest(['-', '--json', ...args], { stdin: contents })

    const operations = ({ stdout }: CommandResult) =>
      JSON.parse(stdout)
        .operations.map(({ method, path }: Record<string, string>) => `${method} ${path}`)
        .sort()
    assert.deepEqual(operations(answer), operations(expected))
    assert.equal(answer.stderr, '')
  })
}

for (const [what, args] of [
  ['nothing', []],
  ['no request', ['--for', 'sources']],
  ['a file that holds none', [fileWith('none.txt', 'hello')]],
] as const) {
  test(`smallest of ${what} is a mistake of the command line`, async () => {
    const answer = await smallest([...args])

    assert.equal(answer.exitCode, 2)
    assert.match(answer.stderr, /GET \/v3\/sources/)
  })
}
