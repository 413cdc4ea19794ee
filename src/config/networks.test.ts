import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkMatcher, problemWithNetwork, problemWithTrustedNetwork } from './networks.ts'

for (const cidr of ['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1', '0.0.0.0/1', '2001:db8::/32']) {
  test(`${cidr} is a network`, () => {
    assert.equal(problemWithNetwork(cidr), undefined)
  })
}

for (const [cidr, problem] of [
  ['', /is not a network/],
  ['10.0.0.0/33', /is not a network/],
  ['10.0.0/8', /is not a network/],
  ['010.0.0.1', /is not a network/],
  ['10.0.0.0/-1', /is not a network/],
  ['10.0.0.0/8 ', /is not a network/],
  ['fd00::/129', /is not a network/],
  ['fe80::1%eth0', /is not a network/],
  ['proxy.example', /is not a network/],
  ['::/0', /written as IPv6/],
  ['::ffff:10.0.0.0/8', /written as IPv6/],
  ['::ffff:10.0.0.0/104', /written as IPv6/],
  ['::ffff:a00:0/104', /written as IPv6/],
  ['::/64', /written as IPv6/],
] as const) {
  test(`${cidr || 'an empty text'} is not taken for a network`, () => {
    assert.match(problemWithNetwork(cidr) ?? '', problem)
  })
}

test('the whole internet is a network, but not one to trust', () => {
  assert.equal(problemWithNetwork('0.0.0.0/0'), undefined)
  assert.match(problemWithTrustedNetwork('0.0.0.0/0') ?? '', /would trust every address/)
  assert.match(problemWithTrustedNetwork('::/0') ?? '', /would trust every address/)
  assert.match(problemWithTrustedNetwork('::ffff:10.0.0.0/8') ?? '', /written as IPv6/)
})

test('an address matches by its network, also when it is seen as mapped IPv6', () => {
  const isTrusted = networkMatcher(['10.0.0.0/8', 'fd00::/8'])

  const trusted = [
    '10.1.2.3',
    '::ffff:10.1.2.3',
    'fd12::1',
    '11.0.0.1',
    '::ffff:11.0.0.1',
    'fe80::1',
    'unix',
    '',
  ].filter(isTrusted)

  assert.deepEqual(trusted, ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])
})

test('no network trusts no one', () => {
  assert.equal(networkMatcher([])('127.0.0.1'), false)
})
