import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleOriginsOf, isLocal, originsOf } from './origins.ts'
import { completeSettings } from './settings.ts'
import type { Tenant } from './tenant.ts'

const tenant = (more: Partial<Tenant> = {}): Tenant => ({
  id: '58eb06a4-dcd7-4e96-8fac-cca2afc03e61',
  name: 'acme',
  displayName: 'Acme',
  isDefault: false,
  vanityDomain: null,
  isSuspended: false,
  epoch: 0,
  settings: completeSettings({}),
  ...more,
})
const LOCAL = { scheme: 'http', domain: 'localhost:8080' } as const
const PUBLIC = { scheme: 'https', domain: 'iam.example.com' } as const

test('each role of a tenant has a host of its own', () => {
  const named = {
    api: 'https://acme.api.iam.example.com',
    login: 'https://acme.login.iam.example.com',
    console: 'https://acme.iam.example.com',
  }

  assert.deepEqual(originsOf(tenant(), PUBLIC), named)
  assert.deepEqual(originsOf(tenant({ isDefault: true }), PUBLIC), named)
})

test('the default tenant of a local install has the bare domain for every role, others there do not', () => {
  const bare = 'http://localhost:8080'

  assert.deepEqual(originsOf(tenant({ isDefault: true }), LOCAL), { api: bare, login: bare, console: bare })
  assert.equal(originsOf(tenant(), LOCAL).api, 'http://acme.api.localhost:8080')
})

test('a vanity domain is the address of the console and of nothing else', () => {
  const vanityDomain = 'iga.acme.test'

  for (const isDefault of [true, false]) {
    const { api, login, console } = originsOf(tenant({ vanityDomain, isDefault }), LOCAL)
    assert.equal(console, 'http://iga.acme.test')
    assert.ok(!api.includes(vanityDomain) && !login.includes(vanityDomain))
  }
})

test('the console is served under every name that it has', () => {
  assert.deepEqual(consoleOriginsOf(tenant(), PUBLIC), ['https://acme.iam.example.com'])
  assert.deepEqual(consoleOriginsOf(tenant({ isDefault: true, vanityDomain: 'iga.acme.test' }), LOCAL), [
    'http://acme.localhost:8080',
    'http://iga.acme.test',
    'http://localhost:8080',
  ])
})

for (const [domain, expected] of [
  ['localhost', true],
  ['localhost:8080', true],
  ['demo.localhost', true],
  ['demo.localhost:80', true],
  ['notlocalhost', false],
  ['localhost.example.com', false],
  ['localhost:8080.example.com', false],
] as const) {
  test(`${domain} is ${expected ? '' : 'not '}local`, () => {
    assert.equal(isLocal(domain), expected)
  })
}
