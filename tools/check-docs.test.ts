import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons } from '../src/access/reasons.ts'
import { rows } from './boundaries/rows.ts'
import { checkDocs } from './check-docs.ts'
import { checkCommandLine } from './docs/command-line.ts'
import { checkConfiguration, writeConfiguration } from './docs/configuration.ts'
import { checkErrors } from './docs/errors.ts'
import { checkFolders } from './docs/folders.ts'
import { checkLinks } from './docs/links.ts'
import { documentedTerms } from './docs/markdown.ts'
import { checkRoutes } from './docs/routes.ts'
import { temporaryProject } from './temporary-project.ts'

test('a document is about the code spans of its headings and first cells, not about those in its text', () => {
  const markdown = [
    '## `scope.missing`',
    '| `level.missing` | `403` |',
    '|`auth.expired`|401|',
    'A `rate.limited` answer ...',
    '```',
    '# `in.example`',
    '```',
    '- `in.list`',
  ].join('\n')

  assert.deepEqual(documentedTerms(markdown), ['scope.missing', 'level.missing', 'auth.expired'])
})

const codes = {
  'src/errors.ts': "export type DomainErrorCode = 'not_found' | 'limit_exceeded'",
  'src/oauth/oauth-error.ts': "export type OAuthErrorCode = 'invalid_grant' | 'invalid_scope'",
}
const reasonRows = Object.keys(reasons).map((code) => `| \`${code}\` | ... |\n`)

test('an error code is missing in the code or in the documents, and both are told', async (t) => {
  const documents = [...reasonRows.slice(1), '### `invalid_grant`\n', '| `invalid_thing` |\n', '| `no.such_reason` |\n']
  const root = temporaryProject(t, { ...codes, 'docs/errors.md': documents.join('') })

  assert.deepEqual(await checkErrors(root), [
    `docs/errors.md lacks \`${Object.keys(reasons)[0]}\`, which the code has`,
    'docs/errors.md names `no.such_reason`, which the code does not have',
    'docs/errors.md lacks `invalid_scope`, which the code has',
    'docs/errors.md names `invalid_thing`, which the code does not have',
  ])
})

test('error codes that agree pass, those of our own domain included', async (t) => {
  const documents = [...reasonRows, '| `invalid_grant` |\n', '| `invalid_scope` |\n', '| `limit_exceeded` |\n']
  const root = temporaryProject(t, { ...codes, 'docs/errors.md': documents.join('') })

  assert.deepEqual(await checkErrors(root), [])
})

test('a route is missing in the code or in the documents, and both are told', async (t) => {
  const root = temporaryProject(t, {
    'tools/docs/list-routes.ts': `export const listRoutes = async () => [
      { method: 'GET', path: '/v3/sources/:id' }, { method: 'POST', path: '/oauth/token' }]`,
    'docs/reference/routes.md': '| `GET /v3/sources/{id}` | Reads a source. |\n| `GET /gone` | |\n',
  })

  assert.deepEqual(await checkRoutes(root), [
    'docs/reference/routes.md lacks `POST /oauth/token`, which the code has',
    'docs/reference/routes.md names `GET /gone`, which the code does not have',
  ])
})

const places = rows.flat().map((name) => (name.endsWith('.ts') ? name : `${name}/`))
const listOf = (names: readonly string[]): string => names.map((name) => `| \`${name}\` | ... |\n`).join('')

for (const [what, names, told] of [
  ['every folder once and in order', places, []],
  ['a folder less', places.slice(1), [`docs/architecture.md lacks \`${places[0]}\`, which the code has`]],
  ['a folder more', [...places, 'gone/'], ['docs/architecture.md names `gone/`, which the code does not have']],
  ['two of them turned', places.with(0, 'clock.ts').with(1, 'errors.ts'), [outOfOrder('clock.ts')]],
  ['one of them twice', [...places, 'cli/'], [outOfOrder('cli/')]],
] as const)
  test(`the architecture with ${what} is ${told.length === 0 ? 'true' : 'told'}`, async (t) => {
    const root = temporaryProject(t, { 'docs/architecture.md': listOf(names) })

    assert.deepEqual(await checkFolders(root), told)
  })

function outOfOrder(name: string): string {
  return `docs/architecture.md has \`${name}\` out of the order of tools/boundaries/rows.ts, or twice`
}

const outline = `export const outlineCommands = async () => [
  { path: '', subcommands: [{ word: 'pat' }, { word: 'can' }], options: [] },
  { path: 'pat', subcommands: [{ word: 'list' }, { word: 'delete' }], options: [] },
  { path: 'pat list', subcommands: [], options: [{ names: ['--url'] }, { names: ['-o', '--owner'] }] },
  { path: 'pat delete', subcommands: [], options: [{ names: ['--url'] }, { names: ['--yes'] }] },
  { path: 'can', subcommands: [], options: [{ names: ['--url'] }] }]`

const introduction = 'Those that ask a server take `--url`.\n'

test('a command or an option is missing in the code or in the reference, and both are told', async (t) => {
  const root = temporaryProject(t, {
    'src/cli/outline.ts': outline,
    'docs/configuration.md': '',
    'docs/reference/cli.md': `${introduction}## \`pat\`\n\`\`\`sh\nbin/sallyport pat drop x\n\`\`\`\n\`list\` takes \`--owner\`, \`--limit\`.\n`,
  })

  assert.deepEqual(await checkCommandLine(root), [
    'docs/reference/cli.md has no section for `can`',
    'docs/reference/cli.md, pat, lacks `--yes`, which the code has',
    'docs/reference/cli.md, pat, names `--limit`, which the code does not have',
    'docs/reference/cli.md, pat, lacks `delete`, which the code has',
    'docs/reference/cli.md, pat, calls `pat drop x`, which is no command',
  ])
})

test('a reference with all commands and options passes, those of the configuration included', async (t) => {
  const root = temporaryProject(t, {
    'src/cli/outline.ts': outline,
    'docs/configuration.md': '| `--yes` |',
    'docs/reference/cli.md': `${introduction}## \`pat\`\n\`list --owner\`, \`delete\`\n## \`can\`\n`,
  })

  assert.deepEqual(await checkCommandLine(root), [])
})

test('the page about settings has to be the generated one, and --write makes it so', async (t) => {
  const root = temporaryProject(t, {
    'src/config/document.ts': "export const renderConfigurationDoc = () => '# Settings\\n'",
    'docs/configuration.md': '# Old settings\n',
  })

  assert.match((await checkConfiguration(root)).join(), /run node tools\/check-docs.ts --write/)
  await writeConfiguration(root)
  assert.deepEqual(await checkConfiguration(root), [])
})

test('a link to a file that does not exist is told, other links are not', async (t) => {
  const root = temporaryProject(t, {
    'README.md': '[a](docs/a.md#part) [b](docs/b.md) [web](https://example.test/x) [here](#here)',
    'docs/a.md': '[up](../README.md) ![missing](missing.png "title")',
  })

  assert.deepEqual(await checkLinks(root), [
    'README.md links to docs/b.md, which does not exist',
    'docs/a.md links to missing.png, which does not exist',
  ])
})

test('what is not written yet is told in a line each', async (t) => {
  const root = temporaryProject(t, {
    'docs/reference/routes.md': '',
    'tools/docs/list-routes.ts': 'export const other = 1',
  })

  assert.deepEqual(await checkDocs(root), [
    'docs/errors.md does not exist yet: write it',
    'src/config/document.ts does not exist yet: it is to export renderConfigurationDoc()',
    'tools/docs/list-routes.ts does not export listRoutes()',
    'src/cli/outline.ts does not exist yet: it is to export outlineCommands()',
    'docs/architecture.md does not exist yet: write it',
  ])
})
