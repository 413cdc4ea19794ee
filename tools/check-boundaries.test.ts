import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkBoundaries } from './check-boundaries.ts'
import { parseTexts } from './syntax.ts'

const manifest = {
  dependencies: { fastify: '1', kysely: '1', '@fastify/busboy': '1', undici: '1' },
  devDependencies: { 'fast-check': '1' },
}

async function messagesFor(path: string, text: string): Promise<string[]> {
  const modules = await parseTexts(new Map([[path, text]]))
  return checkBoundaries(modules, manifest).map(({ message }) => message)
}

const refused: readonly [promise: string, path: string, text: string, expected: RegExp][] = [
  ['an import from a higher row', 'src/keys/sign.ts', "import '../token/issue.ts'", /keys may not import token/],
  ['an import by await import()', 'src/keys/sign.ts', "await import('../token/issue.ts')", /keys may not import token/],
  [
    'a re-export from a higher row',
    'src/keys/a.ts',
    "export { x } from '../token/a.ts'\nconst y = 1",
    /may not import/,
  ],
  ['an import from a neighbour', 'src/keys/sign.ts', "import '../tenants/find.ts'", /keys and tenants are neighbours/],
  ['a store of another folder', 'src/token/a.ts', "import '../keys/key-store.ts'", /key-store.ts is private to keys/],
  ['an import from outside src', 'src/cli/main.ts', "import '../../test/support/x.ts'", /outside src/],
  ['a folder without a row', 'src/wallets/open.ts', 'export {}', /wallets has no row yet/],
  ['an import from a folder without a row', 'src/cli/a.ts', "import '../wallets/open.ts'", /no row in/],
  ['HTTP in the decision', 'src/access/decide.ts', "import 'node:http'", /access knows no HTTP/],
  ['SQL in the decision', 'src/access/decide.ts', "import type { Kysely } from 'kysely'", /access knows no SQL/],
  ['the database in the decision', 'src/access/decide.ts', "import '../database/schema.ts'", /access knows no SQL/],
  ['Fastify in an operation', 'src/keys/rotate.ts', "import type { X } from 'fastify'", /only routes.ts and plugin.ts/],
  ['Fastify in a store', 'src/keys/store.ts', "import type { X } from 'fastify'", /only routes.ts and plugin.ts/],
  [
    'a query in an operation',
    'src/keys/rotate.ts',
    "await db.selectFrom('key').execute()",
    /queries are written in store/,
  ],
  ['raw SQL in an operation', 'src/keys/rotate.ts', 'await sql`select 1`.execute(db)', /queries are written in store/],
  ['process.env in a feature', 'src/keys/a.ts', "const x = process.env['X']", /only config\/ and cli\//],
  ['env from node:process', 'src/keys/a.ts', "import { env } from 'node:process'", /only config\/ and cli\//],
  ['the clock in a feature', 'src/keys/a.ts', 'const x = Date.now()', /the time comes from the caller/],
  ['the clock as a default', 'src/keys/a.ts', 'const f = (now = Date.now) => now()', /the time comes from the caller/],
  ['the current date in a feature', 'src/keys/a.ts', 'const x = new Date()', /the time comes from the caller/],
  ['an unlisted package', 'src/keys/a.ts', "import 'left-pad/x'", /left-pad is not in the dependencies of/],
  ['a development package', 'src/keys/a.ts', "import 'fast-check'", /fast-check is not in the dependencies of/],
  ['an unlisted package in a test', 'src/keys/a.test.ts', "import '@a/b/c'", /@a\/b is not in the dependencies or dev/],
  ['a barrel', 'src/keys/all.ts', "export * from './sign.ts'", /only re-exports/],
  ['state at module level', 'src/keys/a.ts', 'let cache = 1', /no variables at module level/],
  ['a name that says nothing', 'src/keys/utils.ts', 'export {}', /"utils" says nothing/],
  ['a folder name that says nothing', 'test/helpers/a.ts', 'export {}', /"helpers" says nothing/],
  ['a name in camelCase', 'src/keys/signToken.ts', 'export {}', /kebab-case/],
]

for (const [promise, path, text, expected] of refused) {
  test(`${promise} is refused`, async () => {
    const messages = await messagesFor(path, text)

    assert.equal(messages.length, 1, messages.join('\n'))
    assert.match(messages[0] ?? '', expected)
  })
}

const accepted: readonly [promise: string, path: string, text: string][] = [
  ['an import from a lower row', 'src/token/issue.ts', "import '../keys/sign.ts'\nimport '../errors.ts'"],
  ['an import of its own store', 'src/keys/rotate.ts', "import './store.ts'"],
  ['a query in a store', 'src/keys/store.ts', "await db.selectFrom('key').execute()"],
  ['a query in a named store', 'src/token/code-store.ts', "await db.deleteFrom('code').execute()"],
  ['raw SQL in a migration', 'src/database/migrations/0001-first.ts', 'await sql`select 1`.execute(db)'],
  ['Fastify in a route file', 'src/token/token-routes.ts', "import type { FastifyInstance } from 'fastify'"],
  ['a date of a given moment', 'src/keys/a.ts', 'const x = new Date(ctx.nowMs)'],
  ['the environment in the settings', 'src/config/read.ts', "const x = process.env['X']"],
  ['the clock where it is made', 'src/clock.ts', 'export const systemClock = () => Date.now()'],
  ['anything of ours in a test', 'src/keys/a.test.ts', "import '../token/store.ts'\nconst now = Date.now()"],
  ['a development package in a test', 'src/keys/a.test.ts', "import 'fast-check'"],
  [
    'words about queries in a comment',
    'src/keys/a.ts',
    '// db.selectFrom(x) and process.env and Date.now()\nexport {}',
  ],
]

for (const [promise, path, text] of accepted) {
  test(`${promise} is accepted`, async () => {
    assert.deepEqual(await messagesFor(path, text), [])
  })
}

test('a problem names the line it stands on', async () => {
  const modules = await parseTexts(new Map([['src/keys/a.ts', '// first\n\nexport const now = () => Date.now()\n']]))

  assert.deepEqual(
    checkBoundaries(modules, manifest).map(({ path, line }) => ({ path, line })),
    [{ path: 'src/keys/a.ts', line: 3 }],
  )
})
