import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnprovenReceiver, matchesRedirectUri } from './redirect-match.ts'

const web = ['https://app.example/cb']

for (const [registered, sent] of [
  [web, 'https://app.example/cb'],
  [['https://other.example/', ...web], 'https://app.example/cb'],
  [['https://app.example/cb?tenant=1'], 'https://app.example/cb?tenant=1'],
  [['http://127.0.0.1/cb'], 'http://127.0.0.1/cb'],
  [['http://127.0.0.1/cb'], 'http://127.0.0.1:51234/cb'],
  [['http://127.0.0.1:8080/cb'], 'http://127.0.0.1:51234/cb'],
  [['http://127.0.0.1:8080/cb'], 'http://127.0.0.1/cb'],
  [['http://127.0.0.1/cb?x=1'], 'http://127.0.0.1:1/cb?x=1'],
  [['http://127.0.0.1'], 'http://127.0.0.1:65535'],
  [['http://[::1]/cb'], 'http://[::1]:51234/cb'],
  [['http://localhost:8080/myApp/code'], 'http://localhost:8080/myApp/code'],
  [['com.example.app:/cb'], 'com.example.app:/cb'],
] as const) {
  test(`${sent} matches ${registered.join(', ')}`, () => {
    assert.equal(matchesRedirectUri(registered, sent), true)
  })
}

const loopback = ['http://127.0.0.1/cb']

for (const [registered, sent] of [
  [web, ''],
  [web, 'https://app.example/cb/'],
  [web, 'https://app.example/CB'],
  [web, 'https://app.example/cb?x=1'],
  [web, 'https://app.example/cb#f'],
  [web, 'https://app.example/cb;x'],
  [web, 'https://app.example/cb%20'],
  [web, 'https://app.example/c%62'],
  [web, 'HTTPS://APP.example/cb'],
  [web, 'https://app.example:443/cb'],
  [web, 'https:app.example/cb'],
  [web, 'https:///app.example/cb'],
  [web, 'https://app.example/./cb'],
  [web, 'ht\ntps://app.example/cb'],
  [web, ' https://app.example/cb'],
  [web, 'https://app.example/cb\t'],
  [web, 'https://app.example/cb/../evil'],
  [web, 'https://app.example/cb/..%2f..%2fevil'],
  [web, 'https://app.example/cb/%252f..%252fevil'],
  [web, 'https://app.example/cb/..;/evil'],
  [web, 'https://appXexample/cb'],
  [web, 'https://аpp.example/cb'],
  [web, 'https://app.example./cb'],
  [web, 'https://xn--pp-7kc.example/cb'],
  [web, 'https://app.example@evil.example/cb'],
  [web, 'http://app.example/cb'],
  [web, 'https://app.example:8443/cb'],
  [[], 'https://app.example/cb'],
  [loopback, 'http://127.0.0.1:51234/cb/'],
  [loopback, 'http://127.0.0.1:51234/cb?x'],
  [loopback, 'http://127.0.0.1:51234/other'],
  [loopback, 'http://127.0.0.1:0/cb'],
  [loopback, 'http://127.0.0.1:080/cb'],
  [loopback, 'http://127.0.0.1:65536/cb'],
  [loopback, 'http://127.0.0.1:/cb'],
  [loopback, 'http://127.0.0.1:1@evil.example/cb'],
  [loopback, 'http://127.0.0.1.evil.example:1/cb'],
  [loopback, 'http://127.0.0.1:51234/cb\n'],
  [loopback, 'https://127.0.0.1:51234/cb'],
  [loopback, 'http://127.0.0.2:51234/cb'],
  [loopback, 'http://[::1]:51234/cb'],
  [loopback, 'http://localhost:51234/cb'],
  [['http://127.0.0.1'], 'http://127.0.0.1:5000/'],
  [['http://localhost:8080/myApp/code'], 'http://localhost:8081/myApp/code'],
  [['http://localhost/cb'], 'http://localhost:8081/cb'],
] as const) {
  test(`${JSON.stringify(sent)} does not match ${registered.join(', ')}`, () => {
    assert.equal(matchesRedirectUri(registered, sent), false)
  })
}

test('who receives the answer is proven for https alone', () => {
  const unproven = ['https://app.example/cb', 'http://localhost:3000/cb', 'com.example.app:/cb'].map(isUnprovenReceiver)

  assert.deepEqual(unproven, [false, true, true])
})
