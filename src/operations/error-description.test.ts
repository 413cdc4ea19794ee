import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeError } from './error-description.ts'

const SECRET = 'c0ffee-canary'

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

test('an error is described by its type, its code, its message and where it happened', () => {
  const error = Object.assign(new RangeError('the pool is empty'), { code: 'EPOOL' })

  const { type, code, message, stack } = describeError(error)

  assert.deepEqual([type, code, message], ['RangeError', 'EPOOL', 'the pool is empty'])
  assert.match(stack[0] ?? '', /^at .*error-description\.test\.ts:\d+:\d+/)
})

test('input that a parser quotes in its message is left out', () => {
  const errors = [
    thrownBy(() => JSON.parse(`${SECRET}`)),
    thrownBy(() => JSON.parse(`"${SECRET}" "x`)),
    thrownBy(() => new URL(`http://${SECRET}:x:y`)),
    new Error(`invalid input syntax for type uuid: "it's ${SECRET}"`),
    new Error(`unterminated "${SECRET}`),
    new Error(`'${'x'.repeat(400)}${SECRET}'`),
    new Error('outer', { cause: new Error(`inner '${SECRET}'`) }),
  ]

  for (const error of errors) assert.doesNotMatch(JSON.stringify(describeError(error)), new RegExp(SECRET))
})

test('fields that libraries hang on errors are left out: packets, details, inputs', () => {
  const error = Object.assign(new Error('Parse Error'), {
    rawPacket: Buffer.from(SECRET),
    detail: `Key (name)=(${SECRET}) exists`,
    input: SECRET,
  })

  const described = describeError(error)

  assert.deepEqual(Object.keys(described), ['type', 'message', 'stack'])
})

test('a message that imitates a stack does not get into it', () => {
  const { stack } = describeError(new Error(`x\n    at ${SECRET} (file:///a.ts:1:1)`))

  assert.doesNotMatch(stack.join('\n'), new RegExp(SECRET))
})

test('something thrown that is no error is not repeated', () => {
  assert.deepEqual(describeError(SECRET), {
    type: 'string',
    message: 'something was thrown that is no error',
    stack: [],
  })
})

test('causes are followed only so far, so that a circle ends', () => {
  const error = new Error('round')
  error.cause = error

  const text = JSON.stringify(describeError(error))

  assert.equal(text.split('"round"').length - 1, 6)
})
