import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { formToken, isFormToken, isSameOrigin } from './csrf.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const binding = { tenantId: 'acme', browserId: 'b1' }

test('a form token is good for its key, tenant and browser alone', () => {
  const token = formToken(key, binding)

  assert.equal(isFormToken(key, binding, token), true)
  assert.equal(isFormToken(key, { ...binding, browserId: 'b2' }, token), false)
  assert.equal(isFormToken(key, { ...binding, tenantId: 'globex' }, token), false)
  assert.equal(isFormToken(createSecretKey(Buffer.alloc(32, 2)), binding, token), false)
  for (const wrong of [undefined, '', token.slice(0, -2), `${token}AA`])
    assert.equal(isFormToken(key, binding, wrong), false)
})

for (const [what, headers, scheme, isOwn] of [
  ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 'https', true],
  ['another site', { 'sec-fetch-site': 'cross-site' }, 'https', false],
  ['a sibling host', { 'sec-fetch-site': 'same-site', origin: 'https://a.example' }, 'https', false],
  ['an address that was typed', { 'sec-fetch-site': 'none' }, 'https', false],
  ['an older browser, our page', { origin: 'https://login.example' }, 'https', true],
  ['an older browser, another port', { origin: 'https://login.example:8443' }, 'https', false],
  ['an older browser, another scheme', { origin: 'http://login.example' }, 'https', false],
  ['an older browser, a page that hides its origin', { origin: 'null' }, 'https', false],
  ['a browser on plain http, a page that hides its origin', { origin: 'null' }, 'http', true],
  ['no browser', {}, 'https', true],
] as const)
  test(`a form from ${what} is ${isOwn ? 'taken' : 'refused'}`, () => {
    assert.equal(isSameOrigin({ host: 'login.example', ...headers }, scheme), isOwn)
  })
