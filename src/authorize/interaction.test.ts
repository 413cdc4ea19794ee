import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { beginInteraction, openInteraction, sealInteraction, showing, wasShown } from './interaction.ts'
import type { AuthorizationRequest } from './request.ts'

const key = createSecretKey(randomBytes(32))
const otherKey = createSecretKey(randomBytes(32))
const request: AuthorizationRequest = {
  clientId: '6f2c0b5a-7e9d-4a1b-9c4d-3e5f7a9b1c22',
  redirectUri: 'https://app.example/cb',
  state: '🧭 "',
  scope: 'a b',
  codeChallenge: undefined,
  prompt: ['login'],
  maxAgeSeconds: 0,
  loginHint: undefined,
}
const begun = beginInteraction({ tenantId: 't1', browserId: 'browser', nowMs: 1000, request })
const sealed = sealInteraction(key, begun)
const opening = { tenantId: 't1', browserId: 'browser', nowMs: 2000 }

test('a sealed interaction is opened as it was', () => {
  assert.deepEqual(openInteraction(key, sealed, opening), JSON.parse(JSON.stringify(begun)))
})

for (const [what, attempt, reason] of [
  ['signed with another key', () => openInteraction(otherKey, sealed, opening), 'interaction.invalid'],
  ['altered', () => openInteraction(key, `A${sealed.slice(1)}`, opening), 'interaction.invalid'],
  ['without a signature', () => openInteraction(key, sealed.slice(0, -43), opening), 'interaction.invalid'],
  ['empty', () => openInteraction(key, '', opening), 'interaction.invalid'],
  ['too long', () => openInteraction(key, `${'A'.repeat(9000)}${sealed}`, opening), 'interaction.invalid'],
  ["another tenant's", () => openInteraction(key, sealed, { ...opening, tenantId: 't2' }), 'interaction.invalid'],
  ['ten minutes old', () => openInteraction(key, sealed, { ...opening, nowMs: 601_001 }), 'interaction.expired'],
  ["another browser's", () => openInteraction(key, sealed, { ...opening, browserId: 'x' }), 'interaction.foreign'],
] as const) {
  test(`an interaction that is ${what} is refused`, () => {
    assert.throws(attempt, { name: 'PageRefusal', reason })
  })
}

test('an interaction that no URL could carry is refused', () => {
  const long = { ...begun, request: { ...request, state: '\u0001'.repeat(1500) } }

  assert.throws(() => sealInteraction(key, long), { name: 'BackRefusal', reason: 'request.too_long' })
})

test('a consent is to what was shown: to the same person, with the same scope', () => {
  const shown = openInteraction(key, sealInteraction(key, showing(begun, 'ada', ['a', 'b'])), opening)

  assert.equal(wasShown(shown, 'ada', ['a', 'b']), true)
  assert.equal(wasShown(shown, 'bob', ['a', 'b']), false)
  assert.equal(wasShown(shown, 'ada', ['a', 'b', 'c']), false)
  assert.equal(wasShown(begun, 'ada', ['a', 'b']), false)
})

test('what a consent page shows always fits beside a request that was let in', () => {
  const fits = (length: number) => ({ ...begun, request: { ...request, state: 'x'.repeat(length) } })
  const longest = Array.from({ length: 6000 }, (_, at) => 6000 - at).find((length) => {
    try {
      return sealInteraction(key, fits(length))
    } catch {
      return undefined
    }
  })

  assert.ok(sealInteraction(key, showing(fits(longest ?? 0), 'f'.repeat(32), ['a'])))
})
