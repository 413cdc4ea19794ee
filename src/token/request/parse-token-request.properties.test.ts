import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OAuthError } from '../../oauth/oauth-error.ts'
import { parseTokenRequest, type TokenRequest, type TokenRequestInput } from './parse-token-request.ts'

const FORM = 'application/x-www-form-urlencoded'
const names = ['grant_type', 'client_id', 'client_secret', 'scope', 'code', 'redirect_uri', 'code_verifier'] as const

/** The request, or the code of the refusal. Anything else that is thrown fails the test. */
async function outcomeOf(input: Partial<TokenRequestInput>): Promise<TokenRequest | string> {
  try {
    const nothing = { query: '', contentType: FORM, authorization: undefined, body: Buffer.alloc(0) }
    return await parseTokenRequest({ ...nothing, ...input })
  } catch (error) {
    assert.ok(error instanceof OAuthError, String(error))
    return error.code
  }
}

const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 })

// Grammar and noise in turn: pure noise would never get past the first check.
const piece = fc.oneof(
  fc.constantFrom(
    ...names,
    '=',
    '&',
    '%',
    '%f',
    '%ff',
    '%00',
    '+',
    '__proto__',
    '{',
    '}',
    '[',
    '"',
    ':',
    ',',
    '\\',
    'null',
  ),
  fc.constantFrom(
    '--edge',
    '\r\n',
    '--edge\r\n',
    '\r\n--edge--\r\n',
    '\r\n\r\n',
    'filename=x',
    'charset=utf-16le',
    ';',
  ),
  fc.constantFrom('Content-Disposition: form-data; name="client_id"\r\n\r\n', 'Content-Type: text/plain\r\n'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const pieces = fc.array(piece, { maxLength: 24 }).map((list) => list.join(''))
const body = fc.oneof(
  pieces.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
)
const contentType = fc.oneof(
  fc.constantFrom(undefined, FORM, 'application/json', 'multipart/form-data; boundary=edge', 'multipart/form-data'),
  pieces.map((text) => `multipart/form-data; ${text}`),
  pieces,
)
const authorization = fc.option(
  fc.oneof(
    pieces,
    pieces.map((text) => `Basic ${text}`),
    pieces.map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
  ),
  { nil: undefined },
)

test('whatever is sent is a request or an OAuthError', async () => {
  const anything = fc.record({ query: pieces, contentType, authorization, body })

  await fc.assert(
    fc.asyncProperty(anything, async (input) => {
      const outcome = await outcomeOf(input)

      assert.ok(typeof outcome === 'object' || ['invalid_request', 'invalid_client'].includes(outcome))
      assert.equal(({} as Record<string, unknown>).grantType, undefined)
    }),
    { numRuns: 2000 },
  )
})

const request = fc.record({ grant_type: printable, client_id: printable, client_secret: printable, scope: printable })

test('what a client writes is what is read, in a query, a form, JSON and Basic', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const form = new URLSearchParams(sent).toString()
      const { client_id: id, client_secret: secret, ...rest } = sent
      const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`

      const outcomes = await Promise.all([
        outcomeOf({ query: form }),
        outcomeOf({ body: Buffer.from(form) }),
        outcomeOf({ contentType: 'application/json', body: Buffer.from(JSON.stringify(sent)) }),
        outcomeOf({
          authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
          body: Buffer.from(new URLSearchParams(rest).toString()),
        }),
      ])

      for (const outcome of outcomes) {
        assert.ok(typeof outcome === 'object')
        assert.equal(outcome.parameters.grantType, sent.grant_type.toLowerCase())
        assert.equal(outcome.parameters.scope, sent.scope)
        assert.deepEqual([outcome.client?.id, outcome.client?.secret], [id, secret])
      }
    }),
    { numRuns: 300 },
  )
})

const fewValues = fc.constantFrom('', 'a', 'b', 'A', '%00')
const pairs = fc.array(fc.tuple(fc.constantFrom(...names), fewValues), { maxLength: 6 })

function write(list: readonly (readonly [string, string])[]): string {
  return list.map(([name, value]) => `${name}=${value}`).join('&')
}

test('the order of parameters and of transports makes no difference', async () => {
  const orders = pairs.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat({ max: list.length })),
  )

  await fc.assert(
    fc.asyncProperty(orders, async ([list, shuffled, split]) => {
      const inBody = await outcomeOf({ body: Buffer.from(write(list)) })
      const apart = await outcomeOf({
        query: write(shuffled.slice(0, split)),
        body: Buffer.from(write(shuffled.slice(split))),
      })

      const withoutFlag = (outcome: TokenRequest | string) =>
        typeof outcome === 'string' ? outcome : { ...outcome, hasUrlCredentials: false }
      assert.deepEqual(withoutFlag(apart), withoutFlag(inBody))
    }),
    { numRuns: 500 },
  )
})
