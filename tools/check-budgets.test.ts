import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkBudgets, describeBudgets } from './check-budgets.ts'
import { parseTexts } from './syntax.ts'

async function messagesFor(texts: Record<string, string>): Promise<string[]> {
  const modules = await parseTexts(new Map(Object.entries(texts)))
  return checkBudgets(modules).map(({ path, line, message }) => `${path}:${line} ${message}`)
}

function repeated(line: string, times: number): string {
  return `${line}\n`.repeat(times)
}

test('a file of 401 lines is refused, one of 400 is not', async () => {
  const messages = await messagesFor({ 'src/keys/a.ts': repeated('f()', 401), 'src/keys/b.ts': repeated('f()', 400) })

  assert.deepEqual(messages, ['src/keys/a.ts:0 the file has 401 lines, at most 400'])
})

test('a route file of 201 lines is refused', async () => {
  assert.deepEqual(await messagesFor({ 'src/keys/key-routes.ts': repeated('f()', 201) }), [
    'src/keys/key-routes.ts:0 the route file has 201 lines, at most 200',
  ])
})

const body = repeated('  f()', 69)
const longFunctions: readonly [kind: string, text: string, name: string][] = [
  ['function', `function long() {\n${body}}`, 'long'],
  ['arrow function', `const long = async () => {\n${body}}`, 'long'],
  ['method', `class K { m() {\n${body}} }`, 'm'],
  ['constructor', `class K { constructor() {\n${body}} }`, 'constructor'],
  ['property', `const o = { long: () => {\n${body}} }`, 'long'],
  ['callback', `run(() => {\n${body}})`, 'a function without a name'],
]

for (const [kind, text, name] of longFunctions) {
  test(`a ${kind} of 71 lines is refused`, async () => {
    const messages = await messagesFor({ 'src/keys/a.ts': text })

    assert.deepEqual(messages, [`src/keys/a.ts:1 ${name} has 71 lines, at most 70`])
  })
}

test('a function of 70 lines is accepted, its doc comment not counted', async () => {
  const text = `/**\n * Long.\n */\nfunction long() {\n${repeated('  f()', 68)}}`

  assert.deepEqual(await messagesFor({ 'src/keys/a.ts': text }), [])
})

test('the plugin of a route file may be as long as the file, a handler in it may not', async () => {
  const plugin = `export const keyRoutes = async (app) => {\n${repeated('  f()', 80)}  app.get(() => {\n${body}})\n}`

  assert.deepEqual(await messagesFor({ 'src/keys/routes.ts': plugin }), [
    'src/keys/routes.ts:82 a function without a name has 71 lines, at most 70',
  ])
})

test('the function around a group of tests may be as long as the file', async () => {
  assert.deepEqual(await messagesFor({ 'src/keys/a.test.ts': `describe('keys', () => {\n${body}})` }), [])
})

test('a fifth parameter is refused', async () => {
  const text = 'export function f(a: 1, b: 1, c: 1, d: 1, e: 1) {}\nexport function g(a: 1, b: 1, c: 1, d: 1) {}'

  assert.deepEqual(await messagesFor({ 'src/keys/a.ts': text }), ['src/keys/a.ts:1 f has 5 parameters, at most 4'])
})

test('an export that another folder uses needs a doc comment, one that only its own folder or a test uses does not', async () => {
  const messages = await messagesFor({
    'src/keys/a.ts': [
      'export const used = 1',
      'export type Used = 1',
      'export const inner = 1',
      'export const tested = 1',
      '/** Signs. */',
      'export function sign() {}',
      '/** A key; the type has the same name. */',
      'export const Key = 1',
      'export type Key = 1',
    ].join('\n'),
    'src/keys/b.ts': "import { inner } from './a.ts'",
    'src/token/a.test.ts': "import { tested } from '../keys/a.ts'",
    'src/token/a.ts': "import { Key, sign, type Used, used as mine } from '../keys/a.ts'",
  })

  assert.deepEqual(messages, [
    'src/keys/a.ts:1 used is used by another folder and has no doc comment',
    'src/keys/a.ts:2 Used is used by another folder and has no doc comment',
  ])
})

test('the table shows our sizes beside the limits, and names folders with few tests', async () => {
  const modules = await parseTexts(
    new Map([
      ['src/keys/a.ts', 'export const f = (a: 1) => a\n'],
      ['src/token/b.ts', 'export const g = 1\n'],
      ['src/token/b.test.ts', 'test(() => {})\n'],
    ]),
  )

  const table = describeBudgets(modules)

  assert.match(table, /lines of a file +1 +1 +1 +400/)
  assert.match(table, /parameters of a function +1 +1 +1 +4/)
  assert.match(table, /: keys 0\.0$/)
})
