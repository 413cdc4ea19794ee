import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodes, renderExitCodes } from './exit-codes.ts'

test('the exit codes are those that scripts rely on', () => {
  assert.deepEqual(Object.values(exitCodes), [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 130, 143])
})

test('every exit code is listed with its meaning', () => {
  const lines = renderExitCodes().trimEnd().split('\n')

  assert.deepEqual(
    lines.map((line) => Number(line.split('\t')[0])),
    Object.values(exitCodes),
  )
  assert.ok(lines.every((line) => /^\d+\t\S/.test(line)))
})
