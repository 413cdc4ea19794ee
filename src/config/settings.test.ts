import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { OperatorError } from '../errors.ts'
import { type Flags, readSettings } from './settings.ts'

function problemsOf(flags: Flags, environment: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    readSettings(flags, environment, false)
    return []
  } catch (error) {
    assert.ok(error instanceof OperatorError)
    return error.problems
  }
}

function secretFile(t: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'settings-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'secret'), text)
  return join(directory, 'secret')
}

test('without flags and variables every setting has its default', () => {
  const settings = readSettings({}, {}, false)

  assert.deepEqual(settings, {
    port: 8080,
    host: '127.0.0.1',
    domain: 'localhost:8080',
    data: 'data',
    databasePoolSize: 10,
    databaseStatementTimeoutMs: 3000,
    tenantFile: [],
    demo: false,
    publicScheme: 'http',
    trustProxy: [],
    allowUpstream: [],
    webhookNetwork: [],
    pod: 'local',
    opsHost: '127.0.0.1',
    opsPort: 9090,
    masterKeyFile: 'data/master.key',
    logLevel: 'info',
    logFormat: 'json',
    drainSeconds: 25,
    maxStalenessMs: 1000,
  })
})

test('settings cannot be changed after they are read', () => {
  const settings = readSettings({ tenantFile: ['a.yaml'] }, {}, false)

  assert.throws(() => Object.assign(settings, { port: 1 }), TypeError)
  assert.throws(() => settings.tenantFile.push('b.yaml'), TypeError)
})

test('a flag wins over its variable, and an empty variable counts as not set', () => {
  const settings = readSettings({ port: '9000' }, { SALLYPORT_PORT: '9001', SALLYPORT_POD: '' }, false)

  assert.equal(settings.port, 9000)
  assert.equal(settings.pod, 'local')
})

test('a list is a repeated flag or a comma-separated variable', () => {
  const byFlag = readSettings({ tenantFile: ['a,b.yaml', 'c.yaml'] }, {}, false)
  const byVariable = readSettings({}, { SALLYPORT_TENANT_FILE: 'a.yaml, b.yaml,' }, false)

  assert.deepEqual(byFlag.tenantFile, ['a,b.yaml', 'c.yaml'])
  assert.deepEqual(byVariable.tenantFile, ['a.yaml', 'b.yaml'])
})

for (const [name, flags, expected] of [
  ['the domain follows the port', { port: '9000' }, { domain: 'localhost:9000' }],
  ['a port of 0 leaves the domain open', { port: '0' }, { domain: undefined }],
  ['the domain is lower-cased', { domain: 'Sally.Example:8443' }, { domain: 'sally.example:8443' }],
  ['the port of http is no part of the domain', { domain: 'a.example:80' }, { domain: 'a.example' }],
  [
    'the port of https is no part of the domain',
    { domain: 'a.example:443', tlsCert: 'c', tlsKey: 'k' },
    { domain: 'a.example' },
  ],
  ['the port of https is part of an http domain', { domain: 'a.example:443' }, { domain: 'a.example:443' }],
  ['a certificate makes the public scheme https', { tlsCert: 'c', tlsKey: 'k' }, { publicScheme: 'https' }],
  ['the master key lies in the data directory', { data: '/srv/sally' }, { masterKeyFile: '/srv/sally/master.key' }],
  ['the operations port may be off', { opsPort: 'off' }, { opsPort: 'off' }],
  ['a switch is on when given', { demo: true }, { demo: true }],
  ['every loopback address does without TLS', { host: '127.8.8.8' }, { host: '127.8.8.8' }],
  ['a trusted proxy opens other addresses', { host: '0.0.0.0', trustProxy: ['10.0.0.0/8'] }, { host: '0.0.0.0' }],
] as const) {
  test(name, () => {
    const settings: Readonly<Record<string, unknown>> = readSettings(
      Object.fromEntries(
        Object.entries(flags).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
      ),
      {},
      false,
    )

    for (const [key, value] of Object.entries(expected)) assert.equal(settings[key], value)
  })
}

test('on a terminal logs are text', () => {
  assert.equal(readSettings({}, {}, true).logFormat, 'text')
})

for (const [flags, problem] of [
  [{ port: '99999' }, '--port: 99999 is not a port; give a number from 0 to 65535'],
  [{ port: '80.5' }, '--port: 80.5 is not a port; give a number from 0 to 65535'],
  [{ port: '' }, '--port: "" is not a port; give a number from 0 to 65535'],
  [{ port: '0x50' }, '--port: 0x50 is not a port; give a number from 0 to 65535'],
  [{ host: 'a b' }, '--host: "a b" is not an address to listen on; give an IP address or a host name'],
  [{ host: '[::1]' }, '--host: [::1] is an address in brackets; leave the brackets out'],
  [
    { host: '0.0.0.0' },
    '--host: other machines reach 0.0.0.0; give --tls-cert and --tls-key, or --trust-proxy for the proxy in front',
  ],
  [
    { domain: 'https://a.example' },
    '--domain: https://a.example has a scheme; give the host alone, and --public-scheme for http or https',
  ],
  [{ domain: 'a.example/x' }, '--domain: a.example/x has a path; give the host alone, such as sallyport.example'],
  [{ domain: 'a.example:' }, '--domain: a.example: has nothing for a port; give a number from 1 to 65535'],
  [{ domain: 'a.example:0' }, '--domain: a.example:0 has 0 for a port; give a number from 1 to 65535'],
  [{ domain: '10.0.0.1:80' }, '--domain: 10.0.0.1:80 is an address; give a name, because tenants get names below it'],
  [{ domain: '[::1]:80' }, '--domain: [::1]:80 is an address; give a name, because tenants get names below it'],
  [{ domain: 'a..b' }, '--domain: a..b is not a host name; give one such as sallyport.example or localhost:8080'],
  [
    { domain: 'a.example.' },
    '--domain: a.example. is not a host name; give one such as sallyport.example or localhost:8080',
  ],
  [{ tlsCert: 'c.pem' }, '--tls-cert: give --tls-key too; TLS needs both'],
  [{ tlsKey: 'k.pem' }, '--tls-key: give --tls-cert too; TLS needs both'],
  [
    { tlsCert: 'c', tlsKey: 'k', publicScheme: 'http' },
    '--public-scheme: http does not go with --tls-cert; leave one of them out',
  ],
  [{ publicScheme: 'ftp' }, '--public-scheme: ftp is not a scheme; give http or https'],
  [
    { trustProxy: ['10.0.0.0/8', '::ffff:10.0.0.0/8'] },
    '--trust-proxy: ::ffff:10.0.0.0/8 covers IPv4 addresses written as IPv6; write the network as IPv4, such as 10.0.0.0/8',
  ],
  [{ migrationUrl: 'postgres://h/d' }, '--migration-url: give --database-url too; both name the same database'],
  [{ opsPort: '8080' }, '--ops-port: 8080 is the port of the server itself; give another, or off'],
  [{ pod: 'Café' }, '--pod: Café is not a pod name; give up to 63 lower-case letters, digits and hyphens'],
  [{ maxStalenessMs: '50' }, '--max-staleness-ms: 50 is not a time; give milliseconds from 200 to 60000'],
  [{ data: '' }, '--data: "" is not a directory name; give a path'],
] satisfies [Flags, string][]) {
  test(`readSettings tells: ${problem}`, () => {
    assert.deepEqual(problemsOf(flags), [problem])
  })
}

test('the demo tenant is refused where other machines reach it', () => {
  const problems = problemsOf({ demo: true, host: '0.0.0.0', tlsCert: 'c', tlsKey: 'k' })

  assert.deepEqual(problems, [
    '--demo: the demo tenant is not served where other machines reach it; leave --host out, or --demo',
  ])
})

test('every mistake is told at once, and a rule across settings waits for its settings to be right', () => {
  const problems = problemsOf(
    { port: '-1', host: '0.0.0.0', trustProxy: ['x'] },
    { SALLYPORT_POD: 'A', SALLYPORT_HOTS: 'x' },
  )

  assert.deepEqual(problems, [
    '--port: -1 is not a port; give a number from 0 to 65535',
    '--trust-proxy: x is not a network; give an address or a CIDR such as 10.0.0.0/8 or fd00::/8',
    'SALLYPORT_POD: A is not a pod name; give up to 63 lower-case letters, digits and hyphens',
    'SALLYPORT_HOTS: there is no such setting; did you mean SALLYPORT_HOST?',
  ])
})

test('a wrong secret is not repeated', () => {
  const problems = problemsOf({ databaseUrl: 'mysql://root:hunter2@h/d' }, { SALLYPORT_MASTER_KEY: 'hunter2' })

  assert.deepEqual(problems, [
    '--database-url: the value is not a PostgreSQL address; give one such as postgres://user:password@host:5432/database',
    'SALLYPORT_MASTER_KEY: the value is not a master key; give 64 lower-case hexadecimal characters',
  ])
})

test('control characters of a value do not reach the terminal', () => {
  assert.deepEqual(problemsOf({ publicScheme: '\u001b[2J' }), [
    '--public-scheme: ?[2J is not a scheme; give http or https',
  ])
})

test('the master key comes from its file or the environment, not both', () => {
  const problems = problemsOf({ masterKeyFile: 'k' }, { SALLYPORT_MASTER_KEY: 'a'.repeat(64) })

  assert.deepEqual(problems, ['SALLYPORT_MASTER_KEY: give the master key or --master-key-file, not both'])
})

test('a variable that ends in _FILE names a file with the value', (t) => {
  const path = secretFile(t, 'postgres://u:p@db/sally\n')

  const settings = readSettings({}, { SALLYPORT_DATABASE_URL_FILE: path }, false)

  assert.equal(settings.databaseUrl, 'postgres://u:p@db/sally')
})

test('a value and a file for it are one too many, and a file must be there and hold something', (t) => {
  const empty = secretFile(t, '\n')

  assert.deepEqual(problemsOf({}, { SALLYPORT_DATABASE_URL: 'postgres://h/d', SALLYPORT_DATABASE_URL_FILE: empty }), [
    'SALLYPORT_DATABASE_URL: give this or SALLYPORT_DATABASE_URL_FILE, not both',
  ])
  assert.deepEqual(problemsOf({}, { SALLYPORT_DATABASE_URL_FILE: empty }), [
    `SALLYPORT_DATABASE_URL_FILE: ${empty} is empty`,
  ])
  assert.deepEqual(problemsOf({}, { SALLYPORT_DATABASE_URL_FILE: '/nowhere' }), [
    'SALLYPORT_DATABASE_URL_FILE: /nowhere does not exist',
  ])
})

test('what Kubernetes sets for a service named sallyport is passed over', () => {
  const settings = readSettings(
    {},
    {
      SALLYPORT_PORT: 'tcp://10.0.0.1:8080',
      SALLYPORT_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      SALLYPORT_PORT_8080_TCP_ADDR: '10.0.0.1',
      SALLYPORT_SERVICE_HOST: '10.0.0.1',
      SALLYPORT_SERVICE_PORT_HTTP: '8080',
      SALLYPORT_WEB_PORT: 'tcp://10.0.0.2:80',
    },
    false,
  )

  assert.equal(settings.port, 8080)
})

test('the variables of the commands that speak to a server are no mistakes', () => {
  assert.deepEqual(problemsOf({}, { SALLYPORT_URL: 'http://localhost:8080', SALLYPORT_TOKEN: 'x' }), [])
})

test('a variable unlike any setting is told without a guess', () => {
  assert.deepEqual(problemsOf({}, { SALLYPORT_FLUX_CAPACITOR: '1' }), [
    'SALLYPORT_FLUX_CAPACITOR: there is no such setting; remove it, or see docs/configuration.md',
  ])
})
