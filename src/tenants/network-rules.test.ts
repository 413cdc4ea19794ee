import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNetworkAllowed } from './network-rules.ts'

const cases: [range: string[], whitelisted: boolean, address: string, isAllowed: boolean][] = [
  [[], true, '203.0.113.7', true],
  [[], false, '203.0.113.7', true],
  [['203.0.113.0/24'], true, '203.0.113.7', true],
  [['203.0.113.0/24'], true, '203.0.114.7', false],
  [['203.0.113.0/24'], false, '203.0.113.7', false],
  [['203.0.113.0/24'], false, '203.0.114.7', true],
  [['203.0.113.7'], true, '203.0.113.7', true],
  [['203.0.113.7'], true, '::ffff:203.0.113.7', true],
  [['2001:db8::/32', '10.0.0.0/8'], true, '2001:db8:1::1', true],
  [['2001:db8::/32', '10.0.0.0/8'], true, '10.1.2.3', true],
  [['2001:db8::/32'], true, '10.1.2.3', false],
  [['10.0.0.0/8'], true, '', false],
  [['10.0.0.0/8'], true, 'unknown', false],
]

for (const [range, whitelisted, address, isAllowed] of cases) {
  const rule = range.length === 0 ? 'no rule' : `${whitelisted ? 'allow' : 'block'} ${range.join(' ')}`
  test(`under ${rule}, ${address || 'an unknown address'} is ${isAllowed ? 'let in' : 'kept out'}`, () => {
    assert.equal(isNetworkAllowed({ range, whitelisted, geolocation: [] }, address), isAllowed)
  })
}
