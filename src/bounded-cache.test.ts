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

test('what is forgotten for want of room is told, and nothing else', () => {
  const forgotten: string[] = []
  const cache = boundedCache<string, number>(2, (value, key) => forgotten.push(`${key}=${value}`))

  for (const key of ['a', 'b', 'a', 'c']) cache.set(key, 1)
  cache.delete('a')

  assert.deepEqual(forgotten, ['b=1'])
})
