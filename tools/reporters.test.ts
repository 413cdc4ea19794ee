import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import fileReporter from './file-reporter.ts'
import tallyReporter, { type Tally } from './tally-reporter.ts'

const file = join(process.cwd(), 'src/keys/sign.test.ts')

/** An event as the test runner reports it, with the fields that reporters read. */
function event(type: TestEvent['type'], data: object): TestEvent {
  return { type, data: { file, nesting: 0, testNumber: 1, ...data } } as TestEvent
}

function passed(name: string, data: object = {}): TestEvent {
  return event('test:pass', { name, details: { duration_ms: 1, type: 'test' }, ...data })
}

function failed(name: string, details: object = {}): TestEvent {
  const error = Object.assign(new Error(`${name} broke`), { failureType: 'testCodeFailure' })
  return event('test:fail', { name, details: { duration_ms: 1, type: 'test', error, ...details } })
}

function summary(success: boolean, counts: object): TestEvent {
  return event('test:summary', { success, counts, duration_ms: 1500 })
}

async function* streamed(events: readonly TestEvent[]): AsyncGenerator<TestEvent> {
  yield* events
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

async function tallyOf(...events: TestEvent[]): Promise<Tally> {
  return JSON.parse(await textOf(tallyReporter(streamed(events))))
}

function printed(...events: TestEvent[]): Promise<string> {
  return textOf(fileReporter(streamed(events)))
}

test('tests count, groups do not', async () => {
  const group = { details: { duration_ms: 1, type: 'suite' } }

  assert.deepEqual(await tallyOf(passed('a'), passed('b'), passed('group', group)), {
    passed: 2,
    failed: 0,
    skipped: [],
  })
})

test('a failing test counts once, not again as its group', async () => {
  const error = Object.assign(new Error('1 subtest failed'), { failureType: 'subtestsFailed' })

  assert.equal((await tallyOf(failed('a'), failed('group', { type: 'suite', error }))).failed, 1)
})

test('a group whose own hook fails counts as a failure', async () => {
  assert.equal((await tallyOf(failed('group', { type: 'suite' }))).failed, 1)
})

test('skipped and unfinished tests are named, not counted as passed', async () => {
  const tally = await tallyOf(passed('later', { skip: true }), passed('unfinished', { todo: 'soon' }))

  assert.deepEqual(tally, {
    passed: 0,
    failed: 0,
    skipped: ['src/keys/sign.test.ts: later', 'src/keys/sign.test.ts: unfinished'],
  })
})

test('a file without tests is named', async () => {
  assert.deepEqual((await tallyOf(passed(file))).skipped, ['src/keys/sign.test.ts: has no tests'])
})

test('a passing file is one line, whatever it printed', async () => {
  const noise = event('test:stdout', { message: 'noise\n' })

  const text = await printed(noise, passed('a'), summary(true, { passed: 1, tests: 1 }))

  assert.equal(text, '  ok    src/keys/sign.test.ts  (1 of 1 passed, 1.5 s)\n')
})

test('a failing file shows the failure and what it printed', async () => {
  const noise = event('test:stderr', { message: 'a trace\n' })

  const text = await printed(noise, passed('good'), failed('bad'), summary(false, { passed: 1, tests: 2 }))

  assert.match(text, /FAIL {2}src\/keys\/sign\.test\.ts {2}\(1 of 2 passed/)
  assert.match(text, /a trace/)
  assert.match(text, /bad broke/)
  assert.doesNotMatch(text, /good/)
})

test('a file that ends without a summary shows why', async () => {
  const text = await printed(event('test:stderr', { message: 'SyntaxError\n' }), failed(file))

  assert.match(text, /FAIL {2}src\/keys\/sign\.test\.ts\n/)
  assert.match(text, /SyntaxError/)
})
