import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeSegment, parseJwt } from './jwt.ts'

const decode = (segment: string): unknown => JSON.parse(Buffer.from(segment, 'base64url').toString())

/** Text in which the characters that matter are likely. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom('>', '~', '?', 'ü', '🏕', '\u007f', '\\', '"', '\ud800', '-')).map((parts) => parts.join('')),
)
const claims = fc.record({
  user_name: text,
  org: text,
  scope: fc.array(text),
  exp: fc.integer(),
  enabled: fc.boolean(),
})

test('a segment never holds a hyphen, and reads back as what it was made of', () => {
  fc.assert(
    fc.property(claims, (value) => {
      const segment = encodeSegment(value)

      assert.doesNotMatch(segment, /-/)
      assert.deepEqual(decode(segment), { ...value })
    }),
    { numRuns: 2000 },
  )
})

test('a segment is ASCII: the same bytes in any encoding', () => {
  const segment = encodeSegment({ name: 'Jürgen 🏕 >~' })

  assert.match(Buffer.from(segment, 'base64url').toString('latin1'), /^[\x20-\x7d]+$/)
})

const header = encodeSegment({ alg: 'ES256' })
const payload = encodeSegment({ sub: 'ada' })
const signature = Buffer.alloc(64, 7).toString('base64url')

test('a compact JWS is taken apart into header, payload, signature and what was signed', () => {
  const jwt = parseJwt(`${header}.${payload}.${signature}`)

  assert.deepEqual(jwt, {
    header: { alg: 'ES256' },
    payload: { sub: 'ada' },
    signature: Buffer.alloc(64, 7),
    signed: Buffer.from(`${header}.${payload}`),
  })
})

const encode = (json: string): string => Buffer.from(json).toString('base64url')

for (const [title, token] of [
  ['nothing', ''],
  ['two parts', `${header}.${payload}`],
  ['four parts', `${header}.${payload}.${signature}.x`],
  ['an empty signature', `${header}.${payload}.`],
  ['an empty header', `.${payload}.${signature}`],
  ['padding', `${header}.${payload}.${signature}==`],
  ['a line break', `${header}.${payload}.${signature}\n`],
  ['a space within', `${header}. ${payload}.${signature}`],
  ['base64 that is not base64url', `${header}.${payload}.${signature.slice(0, -1)}+`],
  ['trailing bits in the signature', `${header}.${payload}.${signature.slice(0, -1)}_`],
  ['a header that is no JSON', `${encode('{')}.${payload}.${signature}`],
  ['a header that is a list', `${encode('[]')}.${payload}.${signature}`],
  ['a header that is null', `${encode('null')}.${payload}.${signature}`],
  ['a payload that is text', `${header}.${encode('"x"')}.${signature}`],
  ['a payload that is a number', `${header}.${encode('7')}.${signature}`],
] as const) {
  test(`${title} is no token`, () => {
    assert.equal(parseJwt(token), undefined)
  })
}

test('whatever text comes in, taking it apart neither throws nor invents', () => {
  const parts = fc.constantFrom('.', '..', header, payload, signature, '{', '-', '_', '=', 'eyJ', '\u0000')
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string())), (pieces) => {
      const token = pieces.join('')
      const jwt = parseJwt(token)
      if (jwt) assert.equal(`${jwt.signed.toString('latin1')}.${jwt.signature.toString('base64url')}`, token)
    }),
  )
})
