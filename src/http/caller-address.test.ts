import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { networkMatcher } from '../config/networks.ts'
import { callerAddress } from './caller-address.ts'

const isTrusted = networkMatcher(['10.0.0.0/8', '::1/128'])

/** The little of a request that is read. */
const requestFrom = (remoteAddress: string | undefined, forwardedFor?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwardedFor } }) as unknown as IncomingMessage

const cases: [peer: string | undefined, forwardedFor: string | undefined, caller: string, why: string][] = [
  ['203.0.113.7', undefined, '203.0.113.7', 'the peer itself'],
  ['203.0.113.7', '198.51.100.1', '203.0.113.7', 'an untrusted peer is not believed'],
  ['10.0.0.1', undefined, '10.0.0.1', 'a proxy that says nothing'],
  ['10.0.0.1', '203.0.113.7', '203.0.113.7', 'a trusted proxy is believed'],
  ['10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7', 'what the caller claims before it is not'],
  ['10.0.0.1', '203.0.113.7, 10.0.0.2,10.0.0.3', '203.0.113.7', 'a chain of trusted proxies'],
  ['10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2', 'a caller inside'],
  ['::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7', 'IPv4 on a dual-stack socket'],
  ['10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7', 'IPv4 written as IPv6'],
  ['::1', '2001:db8::7', '2001:db8::7', 'IPv6'],
  ['10.0.0.1', 'unknown', '10.0.0.1', 'a word in place of an address'],
  ['10.0.0.1', '203.0.113.7, garbage', '10.0.0.1', 'garbage nearest to us ends the chain'],
  ['10.0.0.1', 'garbage, 203.0.113.7', '203.0.113.7', 'garbage further out does not matter'],
  ['10.0.0.1', '203.0.113.7:4711', '10.0.0.1', 'a port is no part of an address'],
  ['10.0.0.1', '', '10.0.0.1', 'an empty header'],
  ['10.0.0.1', `${'10.0.0.9, '.repeat(5000)}10.0.0.8`, '10.0.0.9', 'a chain without end is read from its end'],
  [undefined, undefined, '', 'a socket that is gone'],
]

for (const [peer, forwardedFor, caller, why] of cases) {
  test(`${why}: the caller of ${peer} with ${forwardedFor?.slice(0, 40)} is ${caller || 'nobody'}`, () => {
    assert.equal(callerAddress(requestFrom(peer, forwardedFor), isTrusted), caller)
  })
}
