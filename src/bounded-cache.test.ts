import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedCache } from './bounded-cache.ts'

test('never more is remembered than was said, and what was asked for last is kept', () => {
  const cache = boundedCache<string, number>(3)

  for (let at = 0; at < 1000; at++) {
    cache.set(`key ${at}`, at)
    cache.get('key 0')
  }

  assert.deepEqual([...cache.keys()].sort(), ['key 0', 'key 998', 'key 999'])
})
