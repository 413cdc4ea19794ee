import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clearCookie, readCookie, writeCookie } from './cookies.ts'

test('over https a cookie is bound to its host, and sent over https alone', () => {
  assert.equal(
    writeCookie('sallyport-session', 'abc', { scheme: 'https' }),
    '__Host-sallyport-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure',
  )
  assert.equal(
    writeCookie('a', 'b', { scheme: 'http', maxAgeSeconds: 60 }),
    'a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
  )
  assert.match(clearCookie('a', 'https'), /^__Host-a=; .*Max-Age=0$/)
})

for (const [what, header, value] of [
  ['the only one', 'a=1; sid=x', 'x'],
  ['one among names that look alike', 'xsid=1; sid2=2; sid=x', 'x'],
  ['an empty one', 'sid=', ''],
  ['one with an equals sign in it', 'sid=a=b', 'a=b'],
  ['one of two of a name', 'sid=x; sid=y', undefined],
  ['none', 'a=1', undefined],
  ['one in a header that is too long', `a=${'x'.repeat(9000)}; sid=x`, undefined],
] as const)
  test(`of cookies, ${what} is read as ${value === undefined ? 'nothing' : `"${value}"`}`, () => {
    assert.equal(readCookie(header, 'sid', 'http'), value)
  })

test('over https a cookie without the prefix is not ours', () => {
  assert.equal(readCookie('sid=x', 'sid', 'https'), undefined)
  assert.equal(readCookie('__Host-sid=x', 'sid', 'https'), 'x')
})
