import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemWithRedirectUri } from './redirect-uri.ts'

for (const uri of [
  'https://app.example/cb',
  'https://app.example',
  'https://App.Example/cb',
  'https://app.example:8443/cb?tenant=1',
  'https://app.example?tenant=1',
  'https://app.example/c%62/%2Fx',
  'https://192.0.2.1/cb',
  'https://xn--bcher-kva.example/cb',
  'http://127.0.0.1/cb',
  'http://127.0.0.1:51234/cb',
  'http://[::1]:8080/cb',
  'http://localhost:8080/myApp/code',
  'com.example.app:/cb',
  'com.example.app://host/cb',
]) {
  test(`${uri} may be registered`, () => {
    assert.equal(problemWithRedirectUri(uri), undefined)
  })
}

for (const [uri, problem] of [
  ['', /plain ASCII/],
  ['/cb', /starts with its scheme/],
  ['app.example/cb', /starts with its scheme/],
  ['HTTPS://app.example/cb', /scheme in lower case/],
  ['javascript:alert(1)', /must use https/],
  ['data:text/html,x', /must use https/],
  ['vbscript:x', /must use https/],
  ['file:///etc/passwd', /must use https/],
  ['blob:https://app.example/x', /must use https/],
  ['myapp://cb', /a scheme with a dot/],
  ['com.example.app:cb', /a path after/],
  ['com.example.app:/', /a path after/],
  ['com.example.app://me@host/cb', /user name/],
  ['com.example.app:/a\\b', /backslash/],
  ['http://app.example/cb', /must use https/],
  ['http://127.0.0.2/cb', /must use https/],
  ['http://localhost.app.example/cb', /must use https/],
  ['http://127.1/cb', /name its host plainly/],
  ['https://0x7f000001/cb', /name its host plainly/],
  ['https://app.example./cb', /name its host plainly/],
  ['https://app.exam%70le/cb', /name its host plainly/],
  ['https://app.example:99999/cb', /valid URI/],
  ['https://app.example:x/cb', /valid URI/],
  ['https:app.example/cb', /a host right after/],
  ['https:///app.example/cb', /a host right after/],
  ['https://?x', /a host right after/],
  ['https://user@app.example/cb', /user name/],
  ['https://app.example@evil.example/cb', /user name/],
  ['https://app.example\\@evil.example/cb', /plain|backslash|valid/],
  ['https://app.example\\evil/cb', /plain path/],
  ['https://app.example/./cb', /plain path/],
  ['https://app.example/cb/../evil', /plain path/],
  ['https://app.example/cb/%2e%2e/evil', /plain path/],
  ['https://app.example/cb#f', /fragment/],
  ['https://app.example/cb#', /fragment/],
  ['https://*.example/cb', /wildcard/],
  ['https://app.example/*', /wildcard/],
  ['https://app.example/cb%', /hexadecimal/],
  ['https://app.example/c%zz', /hexadecimal/],
  ['https://app.example/c b', /plain ASCII/],
  [' https://app.example/cb', /plain ASCII/],
  ['https://app.example/cb\t', /plain ASCII/],
  ['https://app.example/cb\r\nSet-Cookie: x=y', /plain ASCII/],
  ['ht\ntps://app.example/cb', /plain ASCII/],
  ['https://аpp.example/cb', /plain ASCII/],
  [`https://app.example/${'x'.repeat(2048)}`, /at most 2048/],
] as const) {
  test(`${JSON.stringify(uri.slice(0, 60))} may not be registered`, () => {
    assert.match(problemWithRedirectUri(uri) ?? '', problem)
  })
}
