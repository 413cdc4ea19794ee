import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionLimit } from './connection-limit.ts'

test('each connection may need another one to an upstream, and some files are always needed', () => {
  assert.equal(connectionLimit(1024), 480)
  assert.equal(connectionLimit(1_048_576), 524_256)
})

test('a few connections are taken however tight the limit is', () => {
  assert.equal(connectionLimit(20), 16)
})

test('without a limit on open files there is none on connections', () => {
  assert.equal(connectionLimit(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY)
})
