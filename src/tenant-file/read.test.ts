import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorError } from '../errors.ts'
import { readTenantFile } from './read.ts'

const secret = 'ab'.repeat(32)
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$U29tZUhhc2hTb21lSGFzaFNvbWVIYXNoU29tZUhhc2g'

const whole = `
tenant:
  name: acme
  id: 58eb06a4-dcd7-4e96-8fac-cca2afc03e61
  displayName: Acme
  default: true
  vanityDomain: iga.acme.test
  settings:
    lockout: { maximumAttempts: 5, lockoutWindow: 5, lockoutDuration: 15 }
    session: { maxIdleTime: 15, maxSessionTime: 720, rememberMe: false }
    network: { range: [10.0.0.0/8, 0.0.0.0/0], geolocation: [], whitelisted: false }
    tokens: { allowUrlCredentials: true, personalAccessTokensPerUser: 10 }
    rateLimit: { requests: 100, windowSeconds: 10 }
identities:
  - alias: ada
    id: ff80818155fe8c080155fe8d925b0316
    displayName: Ada Admin
    email: ada@acme.test
    password: correct horse battery staple
    userLevels: [ORG_ADMIN, 'das:ui-auditor', 58eb06a4-dcd7-4e96-8fac-cca2afc03e61]
    enabled: true
    kind: HUMAN
    personalAccessTokens:
      - name: ci
        id: 86f1dc6fe8f54414950454cbb11278fa
        secret: ${'1d'.repeat(32)}
        scope: [sp:scopes:all]
        accessTokenValiditySeconds: 43200
        expirationDate: 2027-05-21T00:00:00Z
  - alias: robot
    kind: MACHINE
    passwordHash: ${hash}
    personalAccessTokens:
      - { name: ci, secretFile: robot.secret }
      - { name: cd, secretEnv: ROBOT_SECRET }
oauthClients:
  - name: Nightly export
    id: b61429f5-203d-494c-94c3-04f54e17bc5c
    secret: ${'c9'.repeat(32)}
    description: Reads sources every night
    type: CONFIDENTIAL
    grantTypes: [CLIENT_CREDENTIALS]
    redirectUris: []
    accessTokenValiditySeconds: 750
    refreshTokenValiditySeconds: 86400
    accessType: OFFLINE
    enabled: true
    scope: [sp:scopes:all]
    pkceRequired: false
  - name: Web app
    type: PUBLIC
    grantTypes: [AUTHORIZATION_CODE, REFRESH_TOKEN]
    redirectUris: ['http://localhost:3000/callback']
scopeGrants: { 'orders:read': [USER] }
catalogs:
  - name: orders
    file: orders.openapi.yaml
    prefix: /v3
    upstream: http://127.0.0.1:9000/base
    schemes: { bearerAuth: user }
  - { name: pets, file: pets.json, prefix: '', upstream: sample }
  - name: bills
    file: bills.yaml
    upstream: { url: https://bills.acme.test, caFile: ca.pem, timeouts: { connect: 2000, firstByte: 10000, idle: 30000 } }
`

function problemsOf(text: string): readonly string[] {
  try {
    readTenantFile(text, 'acme.yaml')
    return []
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error))
    return error.problems
  }
}

const named = 'tenant: { name: acme }\n'
const client = (fields: string) => `${named}oauthClients:\n  - { name: app, ${fields} }\n`
const identity = (fields: string) => `${named}identities:\n  - { alias: ada, ${fields} }\n`
const catalog = (fields: string) => `${named}catalogs:\n  - { name: orders, file: o.yaml, ${fields} }\n`
const settings = (fields: string) => `tenant:\n  name: acme\n  settings: { ${fields} }\n`

test('a file with every key is read as it stands, and nothing is filled in', () => {
  const file = readTenantFile(whole, 'acme.yaml')

  assert.equal(file.identities?.[0]?.personalAccessTokens?.[0]?.expirationDate, '2027-05-21T00:00:00Z')
  assert.deepEqual(file.identities?.[1]?.personalAccessTokens, [
    { name: 'ci', secretFile: 'robot.secret' },
    { name: 'cd', secretEnv: 'ROBOT_SECRET' },
  ])
  assert.deepEqual(file.scopeGrants, { 'orders:read': ['USER'] })
  assert.equal(file.oauthClients?.[1]?.pkceRequired, undefined)
})

test('JSON is read too', () => {
  assert.deepEqual(readTenantFile('{"tenant": {"name": "acme"}}', 'acme.json'), { tenant: { name: 'acme' } })
})

test('every mistake is told at once, in the order of the lines', () => {
  const problems = problemsOf(`tenant:
  name: Acme
  colour: red
identities:
  - alias: ada
    userLevel: [ORG_ADMIN]
    personalAccessTokens:
      - scope: []
        secret: 0123
oauthClients:
  - name: app
    type: PUBLIC
    secret: ${secret}
    grantTypes: [CLIENT_CREDENTIAL]
catalog: []
`)

  assert.deepEqual(problems, [
    'acme.yaml:2: tenant.name: must be up to 63 lower-case letters, digits and hyphens',
    'acme.yaml:3: tenant.colour: is not a known key; known are name, id, displayName, default, vanityDomain, settings',
    'acme.yaml:6: identities[0].userLevel: is not a known key; did you mean userLevels?',
    'acme.yaml:8: identities[0].personalAccessTokens[0]: needs the key name',
    'acme.yaml:9: identities[0].personalAccessTokens[0].secret: must be 64 lower-case hexadecimal characters; it reads as a number, so put it in quotes',
    'acme.yaml:12: oauthClients[0].type: is PUBLIC, and a PUBLIC client has no secret; remove one',
    'acme.yaml:14: oauthClients[0].grantTypes[0]: must be one of CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH_TOKEN; did you mean CLIENT_CREDENTIALS?',
    'acme.yaml:15: catalog: is not a known key; did you mean catalogs?',
  ])
})

for (const [what, text, problem] of [
  ['an empty file', '', /^acme.yaml:1: is empty/],
  ['a list', '- 1', /^acme.yaml:1: must be a mapping/],
  ['a missing tenant', 'identities: []', /^acme.yaml:1: needs the key tenant$/],
  ['broken YAML', 'tenant: [\n', /^acme.yaml:2: is not valid YAML: /],
  ['two documents', `${named}---\n${named}`, /:2: is not valid YAML: /],
  ['an unknown tag', 'tenant: !ruby/object x', /:1: is not valid YAML: /],
  ['a repeated key', 'tenant:\n  name: acme\n  name: beta', /^acme.yaml:3: has the key name a second time$/],
  ['an alias', 'tenant: &t { name: acme }\nother: *t', /^acme.yaml:2: is an alias/],
  ['a key that is no text', '? [a]\n: 1', /:1: is not valid YAML: /],
  ['deep nesting', `a: ${'['.repeat(40)}${']'.repeat(40)}`, /nested too deeply/],
  ['very deep nesting', '['.repeat(100_000), /not valid YAML|nested too deeply/],
  ['a huge text', ' '.repeat(5_000_000), /larger than 4 MiB/],
  ['a key named __proto__', `${named}__proto__: { admin: true }`, /:2: __proto__: is not a known key/],
  ['a value left empty', 'tenant:\n  name:\n', /:2: tenant.name: is empty; give it a value, or remove the line/],
  ['a mapping for a text', 'tenant: { name: { a: 1 } }', /tenant.name: must be up to 63/],
  ['a text for a mapping', 'tenant: acme', /tenant: must be a mapping/],
  [
    'a text for a list',
    identity('userLevels: ORG_ADMIN'),
    /:3: identities\[0\].userLevels: must be a list of at most 100/,
  ],
  ['a reserved tenant name', 'tenant: { name: login }', /must not be login: that name is a host/],
  ['a tenant name with a hyphen at its end', 'tenant: { name: acme- }', /must be up to 63/],
  [
    'an id in capitals',
    'tenant: { name: acme, id: 58EB06A4-DCD7-4E96-8FAC-CCA2AFC03E61 }',
    /must be a lower-case UUID/,
  ],
  ['a vanity domain with a path', 'tenant: { name: acme, vanityDomain: a.test/x }', /must be a lower-case host name/],
  ['a vanity domain in capitals', 'tenant: { name: acme, vanityDomain: A.test }', /must be a lower-case host name/],
  ['a lockout beyond its limit', settings('lockout: { maximumAttempts: 16 }'), /must be a whole number from 1 to 15/],
  ['a lifetime with a fraction', settings('session: { maxIdleTime: 1.5 }'), /a whole number of minutes from 1 to 1440/],
  [
    'an idle time beyond the session',
    settings('session: { maxIdleTime: 60, maxSessionTime: 60 }'),
    /must be more than maxIdleTime/,
  ],
  ['a country', settings('network: { geolocation: [CH] }'), /geolocation: needs a GeoIP file/],
  ['a mapped network', settings('network: { range: ["::ffff:10.0.0.0/8"] }'), /range\[0\]: covers IPv4/],
  ['eleven tokens for each user', settings('tokens: { personalAccessTokensPerUser: 11 }'), /from 1 to 10/],
  ['settings of the future', settings('theme: {}'), /theme: is not a known key/],
  ['an alias with a space', `${named}identities: [{ alias: ada a }]`, /without spaces/],
  [
    'an identity id that is a UUID',
    identity('id: 58eb06a4-dcd7-4e96-8fac-cca2afc03e61'),
    /must be 32 lower-case hexadecimal/,
  ],
  ['an e-mail address without a host', identity('email: ada'), /must be an e-mail address/],
  ['a password and its hash', identity(`password: a, passwordHash: '${hash}'`), /passwordHash: goes without password/],
  ['a password and a file with one', identity('password: a, passwordFile: b'), /passwordFile: goes without password;/],
  [
    'a password from two places',
    identity('passwordFile: a, passwordEnv: B'),
    /passwordEnv: goes without passwordFile;/,
  ],
  ['a hash of another kind', identity('passwordHash: $2b$10$abcdefghijklmnopqrstuv'), /must be an argon2id hash/],
  ['an unknown kind', identity('kind: ROBOT'), /must be one of HUMAN, MACHINE$/],
  ['a level with a space', identity('userLevels: [ORG ADMIN]'), /userLevels\[0\]: must be a user level/],
  ['a level twice removed from text', identity('userLevels: [[ORG_ADMIN]]'), /must be a user level/],
  ['a switch in words', identity('enabled: yes'), /must be true or false/],
  [
    'eleven tokens',
    identity(`personalAccessTokens: [${Array.from({ length: 11 }, (_, i) => `{ name: t${i} }`).join(', ')}]`),
    /at most 10 entries/,
  ],
  [
    'a token lifetime of 14 seconds',
    identity('personalAccessTokens: [{ name: t, accessTokenValiditySeconds: 14 }]'),
    /seconds from 15 to 43200/,
  ],
  [
    'a date without a zone',
    identity('personalAccessTokens: [{ name: t, expirationDate: 2027-05-21T00:00:00 }]'),
    /a time with its zone/,
  ],
  [
    'a day that does not exist',
    identity('personalAccessTokens: [{ name: t, expirationDate: 2027-02-30T00:00:00Z }]'),
    /a time with its zone/,
  ],
  [
    'a hundred and one scopes',
    identity(`personalAccessTokens: [{ name: t, scope: [${'s,'.repeat(101)}] }]`),
    /at most 100 entries/,
  ],
  ['a scope with a space', identity('personalAccessTokens: [{ name: t, scope: [a b] }]'), /must be a scope/],
  [
    'a secret and a file for it',
    identity(`personalAccessTokens: [{ name: t, secret: ${secret}, secretFile: f }]`),
    /secretFile: goes without secret/,
  ],
  [
    'a secret in a setting',
    identity('personalAccessTokens: [{ name: t, secretEnv: SALLYPORT_X }]'),
    /must not begin with SALLYPORT_/,
  ],
  [
    'two tokens of one name',
    identity('personalAccessTokens: [{ name: t }, { name: t }]'),
    /\[1\].name: is taken by an entry above/,
  ],
  ['a client without grants', `${named}oauthClients: [{ name: app }]`, /oauthClients\[0\]: needs the key grantTypes/],
  ['an empty list of grants', client('grantTypes: []'), /a list of 1 to 3 entries/],
  [
    'a grant twice',
    client('grantTypes: [CLIENT_CREDENTIALS, CLIENT_CREDENTIALS]'),
    /grantTypes\[1\]: stands in the list already/,
  ],
  ['a refresh grant alone', client('grantTypes: [REFRESH_TOKEN]'), /must have AUTHORIZATION_CODE too/],
  [
    'a code grant without a redirect URI',
    client('grantTypes: [AUTHORIZATION_CODE]'),
    /needs at least one of redirectUris/,
  ],
  [
    'a code grant with an empty list',
    client('grantTypes: [AUTHORIZATION_CODE], redirectUris: []'),
    /redirectUris: must name at least one URI/,
  ],
  [
    'a public client that needs a secret',
    client('type: PUBLIC, grantTypes: [CLIENT_CREDENTIALS]'),
    /must not have CLIENT_CREDENTIALS/,
  ],
  [
    'a redirect URI with a fragment',
    client("grantTypes: [AUTHORIZATION_CODE], redirectUris: ['https://a.test/#x']"),
    /redirectUris\[0\]: must not have a fragment/,
  ],
  [
    'a client id without dashes',
    client('id: b61429f5203d494c94c304f54e17bc5c, grantTypes: [CLIENT_CREDENTIALS]'),
    /a lower-case UUID with dashes/,
  ],
  [
    'a refresh lifetime of a minute less',
    client('grantTypes: [CLIENT_CREDENTIALS], refreshTokenValiditySeconds: 59'),
    /seconds from 60 to 31536000/,
  ],
  ['a catalog without an upstream', `${named}catalogs: [{ name: o, file: o.yaml }]`, /needs the key upstream/],
  ['an upstream of another scheme', catalog('upstream: ftp://a.test'), /upstream: must be an address such as/],
  ['an upstream with a password', catalog('upstream: http://u:p@a.test'), /must not have a user name/],
  ['an upstream with a query', catalog('upstream: http://a.test?x'), /must not have a query/],
  ['a misspelt upstream', catalog('upstream: smaple'), /did you mean sample\?/],
  [
    'an unknown key of an upstream',
    catalog('upstream: { url: http://a.test, caFiel: x }'),
    /upstream.caFiel: .* did you mean caFile/,
  ],
  [
    'a timeout in seconds',
    catalog('upstream: { url: http://a.test, timeouts: { idle: 5 } }'),
    /milliseconds from 10 to 600000/,
  ],
  ['a prefix without a slash', catalog('upstream: sample, prefix: v3'), /must be a path such as/],
  [
    'an unknown scheme kind',
    catalog('upstream: sample, schemes: { bearerAuth: users }'),
    /schemes.bearerAuth: must be one of user, application, any; did you mean user/,
  ],
  [
    'a scheme name with a space',
    catalog('upstream: sample, schemes: { "bearer auth": user }'),
    /schemes."bearer auth": is not a name/,
  ],
  [
    'a grant that is no list',
    `${named}scopeGrants: { 'orders:read': USER }`,
    /scopeGrants."orders:read": must be a list/,
  ],
] as const) {
  test(`${what} is refused`, () => {
    const problems = problemsOf(text)

    assert.match(problems.join('\n'), problem)
  })
}

for (const [what, list] of [
  ['aliases of two identities', 'identities: [{ alias: ada }, { alias: Ada }]'],
  ['ids of two identities', `identities: [{ alias: a, id: ${'a'.repeat(32)} }, { alias: b, id: ${'a'.repeat(32)} }]`],
  ['e-mail addresses of two identities', 'identities: [{ alias: a, email: a@b.c }, { alias: b, email: A@b.c }]'],
  [
    'ids of tokens of two identities',
    `identities: [{ alias: a, personalAccessTokens: [{ name: t, id: ${'a'.repeat(32)} }] }, { alias: b, personalAccessTokens: [{ name: t, id: ${'a'.repeat(32)} }] }]`,
  ],
  [
    'names of two clients without an id',
    'oauthClients: [{ name: a, grantTypes: [CLIENT_CREDENTIALS] }, { name: a, grantTypes: [CLIENT_CREDENTIALS] }]',
  ],
  [
    'names of two catalogs',
    'catalogs: [{ name: a, file: f, upstream: sample }, { name: a, file: g, upstream: sample }]',
  ],
] as const) {
  test(`equal ${what} are refused`, () => {
    assert.match(problemsOf(named + list).join('\n'), /is taken by an entry above/)
    assert.equal(problemsOf(named + list).length, 1)
  })
}

test('a mistake in one key of an entry does not hide those in others', () => {
  const problems = problemsOf(client(`type: PUBLIC, secret: ${secret}, enabled: maybe, grantTypes: [REFRESH_TOKEN]`))

  assert.equal(problems.length, 3)
})

test('no secret is repeated in a message, whether the text is broken or its values are', () => {
  const text = identity(
    'password: [hunter2], passwordHash: hunter2, personalAccessTokens: [{ name: t, secret: hunter2 }]',
  )

  const problems = [...problemsOf(text), ...problemsOf(`${text}x: "hunter2" hunter2`), ...problemsOf('a: !hunter2 x')]

  assert.equal(problems.length, 5)
  assert.ok(!problems.join('\n').includes('hunter2'))
})

test('what follows an unquoted comma may be half a password, so it is not repeated', () => {
  const problems = problemsOf(identity('password: correct,hunter2,hunter2, kind: HUMAN'))

  assert.deepEqual(problems, ['acme.yaml:3: has a key a second time'])
  assert.deepEqual(problemsOf(identity('password: correct,hunter2')), [
    'acme.yaml:3: identities[0]: has an unknown key without a value; put text that has a comma in quotes',
  ])
})

test('a file full of mistakes is told in a hundred lines', () => {
  const problems = problemsOf(`${named}identities: [${'{}, '.repeat(500)}]`)

  assert.equal(problems.length, 101)
  assert.equal(problems.at(-1), 'and 400 more mistakes')
})
