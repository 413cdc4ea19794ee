import assert from 'node:assert/strict'
import { test } from 'node:test'
import { misshapen } from './bad-credentials.ts'

for (const [name, id, reason] of [
  ['a secret sent as the id', '0123456789abcdef'.repeat(4), 'client.secret_as_id'],
  ['a legacy id', 'G6xLlBBOKIcOAQuK', 'client.legacy_id'],
  ['an upper-case id', '86F1DC6FE8F54414950454CBB11278FA', 'client.upper_case_id'],
  ['a token sent as the id', 'eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln', 'client.token_as_id'],
] as const) {
  test(`${name} gets a hint of its own, in words that fit into error_description (RFC 6749 §5.2)`, () => {
    const refusal = misshapen(id)

    assert.equal(refusal?.reason, reason)
    assert.match(refusal.message, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.ok(!refusal.message.includes(id))
  })
}

for (const id of ['86f1dc6fe8f54414950454cbb11278fa', 'b61429f5-203d-494c-94c3-04f54e17bc5c', 'sailapps', ''])
  test(`an id of a possible shape gets no hint, whether it exists or not: ${id || 'none'}`, () => {
    assert.equal(misshapen(id), undefined)
  })
