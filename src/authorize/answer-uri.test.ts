import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerUri } from './answer-uri.ts'

const answer = { code: 'c', state: 's', iss: 'http://acme' }

for (const [redirectUri, expected] of [
  ['https://app.example/cb', 'https://app.example/cb?code=c&state=s&iss=http%3A%2F%2Facme'],
  ['https://app.example/cb?', 'https://app.example/cb?code=c&state=s&iss=http%3A%2F%2Facme'],
  ['https://app.example/cb?tenant=1', 'https://app.example/cb?tenant=1&code=c&state=s&iss=http%3A%2F%2Facme'],
  ['https://app.example/cb?a=%2F+b&c', 'https://app.example/cb?a=%2F+b&c&code=c&state=s&iss=http%3A%2F%2Facme'],
  ['https://app.example/cb?code=x&%73tate=y&a=1', 'https://app.example/cb?a=1&code=c&state=s&iss=http%3A%2F%2Facme'],
  ['com.example.app:/cb', 'com.example.app:/cb?code=c&state=s&iss=http%3A%2F%2Facme'],
] as const) {
  test(`the answer to ${redirectUri} is added to its own query`, () => {
    assert.equal(answerUri(redirectUri, answer), expected)
  })
}

test('a state of line breaks, markup and emoji comes back as it was, in one line', () => {
  const state = '\r\nset-cookie: a=b"><script>&#+ 🧭'

  const uri = answerUri('https://app.example/cb', { state })

  assert.match(uri, /^[\x21-\x7e]+$/)
  assert.equal(new URL(uri).searchParams.get('state'), state)
})

test('what has no value is left out', () => {
  assert.equal(answerUri('https://app.example/cb', { code: 'c', state: undefined }), 'https://app.example/cb?code=c')
})
