import { type Static, type TSchema, Type } from 'typebox'
import { problemWithDomain, problemWithHost } from './host-names.ts'
import { problemWithNetwork, problemWithTrustedNetwork } from './networks.ts'
import { problemWithUpstreamUrl } from './upstream-address.ts'

/** What a setting's schema cannot say: how it is given, and the words for it. */
export interface SettingNotes {
  /** Long flag; absent where a secret may come from the environment alone. */
  readonly flag?: string
  readonly environment: string
  /** What stands after the flag in help texts; absent for switches. */
  readonly valueName?: string
  /** Meaning and unit. */
  readonly meaning: string
  /** The default in words, where it depends on other settings. */
  readonly defaultWords?: string
  /** Completes "<value> is not ...". */
  readonly kind: string
  /** Completes "give ...". */
  readonly give: string
  /** The value is never repeated in a message. */
  readonly isSecret?: true
  /** Variable that may name a file which holds the value. */
  readonly fileEnvironment?: string
  /** A check that the schema cannot express; answers the rest of a sentence that starts with the value. */
  readonly problem?: (value: string) => string | undefined
}

function setting<Schema extends TSchema>(schema: Schema, notes: SettingNotes): Schema & { notes: SettingNotes } {
  return Object.assign(schema, { notes })
}

const address = { kind: 'an address to listen on', give: 'an IP address or a host name', problem: problemWithHost }
const port = { valueName: 'number', kind: 'a port', give: 'a number from 0 to 65535' }
const file = { valueName: 'file', kind: 'a file name', give: 'a path' }
const postgres = {
  valueName: 'url',
  kind: 'a PostgreSQL address',
  give: 'one such as postgres://user:password@host:5432/database',
  isSecret: true,
} as const

const Path = { minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]+$' }
const PostgresUrl = { maxLength: 4096, pattern: '^postgres(ql)?://[^\\s/?#]+(/[^\\s]*)?$' }

const MAIL_FROM =
  '^(?:[^<>\\p{Cc}@]{1,100} <[^\\s@<>\\p{Cc}]{1,64}@[^\\s@<>\\p{Cc}]{1,189}>|[^\\s@<>\\p{Cc}]{1,64}@[^\\s@<>\\p{Cc}]{1,189})$'

/** The settings of `serve` and of the local commands, as they are after defaults are filled in. */
export const SettingsSchema = Type.Object({
  port: setting(Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }), {
    ...port,
    flag: '--port',
    environment: 'SALLYPORT_PORT',
    meaning: 'Port to listen on; 0 takes any free one.',
  }),
  host: setting(Type.String({ minLength: 1, maxLength: 253, default: '127.0.0.1' }), {
    ...address,
    flag: '--host',
    environment: 'SALLYPORT_HOST',
    valueName: 'address',
    meaning: 'Address to listen on. One that other machines reach needs TLS or a trusted proxy.',
  }),
  domain: setting(Type.Optional(Type.String({ minLength: 1, maxLength: 259 })), {
    flag: '--domain',
    environment: 'SALLYPORT_DOMAIN',
    valueName: 'host[:port]',
    meaning: 'Public name that the hosts of every tenant end in, as clients see it.',
    defaultWords: '`localhost` and the port',
    kind: 'a domain',
    give: 'a host name, with a port where clients use one',
    problem: problemWithDomain,
  }),
  data: setting(Type.String({ ...Path, default: 'data' }), {
    flag: '--data',
    environment: 'SALLYPORT_DATA_DIR',
    valueName: 'directory',
    meaning: 'Directory for the embedded database, the master key and what the server keeps beside them.',
    kind: 'a directory name',
    give: 'a path',
  }),
  databaseUrl: setting(Type.Optional(Type.String(PostgresUrl)), {
    ...postgres,
    flag: '--database-url',
    environment: 'SALLYPORT_DATABASE_URL',
    fileEnvironment: 'SALLYPORT_DATABASE_URL_FILE',
    meaning: 'PostgreSQL database that the nodes of this pod share.',
    defaultWords: 'SQLite in the data directory',
  }),
  migrationUrl: setting(Type.Optional(Type.String(PostgresUrl)), {
    ...postgres,
    flag: '--migration-url',
    environment: 'SALLYPORT_MIGRATION_URL',
    fileEnvironment: 'SALLYPORT_MIGRATION_URL_FILE',
    meaning: 'The same database as a role that may change tables; used for migrations alone.',
    defaultWords: 'the database URL',
  }),
  databasePoolSize: setting(Type.Integer({ minimum: 1, maximum: 200, default: 10 }), {
    flag: '--database-pool-size',
    environment: 'SALLYPORT_DATABASE_POOL_SIZE',
    valueName: 'number',
    meaning: 'Most connections that one process opens to PostgreSQL.',
    kind: 'a pool size',
    give: 'a number from 1 to 200',
  }),
  databaseStatementTimeoutMs: setting(Type.Integer({ minimum: 100, maximum: 600_000, default: 3000 }), {
    flag: '--database-statement-timeout-ms',
    environment: 'SALLYPORT_DATABASE_STATEMENT_TIMEOUT_MS',
    valueName: 'milliseconds',
    meaning: 'Longest time that PostgreSQL may work on one statement, in milliseconds.',
    kind: 'a time',
    give: 'milliseconds from 100 to 600000',
  }),
  tenantFile: setting(Type.Array(Type.String(Path), { maxItems: 100, default: [] }), {
    ...file,
    flag: '--tenant-file',
    environment: 'SALLYPORT_TENANT_FILE',
    meaning: 'Tenant file to apply at the start; may be given more than once.',
  }),
  allowUpstream: setting(Type.Array(Type.String({ maxLength: 2048 }), { maxItems: 100, default: [] }), {
    flag: '--allow-upstream',
    environment: 'SALLYPORT_ALLOW_UPSTREAM',
    valueName: 'url',
    meaning:
      'Address that catalogs loaded over HTTP may name as their upstream, with all below it; may be given more than once.',
    kind: 'an address',
    give: 'one such as https://orders.internal.example',
    problem: problemWithUpstreamUrl,
  }),
  demo: setting(Type.Boolean({ default: false }), {
    flag: '--demo',
    environment: 'SALLYPORT_DEMO',
    meaning: 'Serve the demo tenant and make its secrets at the first start; refused where other machines reach it.',
    kind: 'a switch',
    give: 'true or false',
  }),
  publicScheme: setting(Type.Enum(['http', 'https']), {
    flag: '--public-scheme',
    environment: 'SALLYPORT_PUBLIC_SCHEME',
    valueName: 'scheme',
    meaning: 'Scheme that clients use; https behind a proxy that ends TLS.',
    defaultWords: '`https` with a TLS certificate, else `http`',
    kind: 'a scheme',
    give: 'http or https',
  }),
  tlsCert: setting(Type.Optional(Type.String(Path)), {
    ...file,
    flag: '--tls-cert',
    environment: 'SALLYPORT_TLS_CERT',
    meaning: 'Certificate chain (PEM) to serve TLS with; goes with the TLS key.',
  }),
  tlsKey: setting(Type.Optional(Type.String(Path)), {
    ...file,
    flag: '--tls-key',
    environment: 'SALLYPORT_TLS_KEY',
    meaning: 'Private key (PEM) of the TLS certificate.',
  }),
  trustProxy: setting(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100, default: [] }), {
    flag: '--trust-proxy',
    environment: 'SALLYPORT_TRUST_PROXY',
    valueName: 'network',
    meaning: 'Network (CIDR) of a proxy whose forwarded headers count; may be given more than once.',
    kind: 'a network',
    give: 'a CIDR such as 10.0.0.0/8',
    problem: problemWithTrustedNetwork,
  }),
  webhookNetwork: setting(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100, default: [] }), {
    flag: '--webhook-network',
    environment: 'SALLYPORT_WEBHOOK_NETWORK',
    valueName: 'network',
    meaning: 'Network (CIDR) of your own that webhooks may reach, beside the internet; may be given more than once.',
    kind: 'a network',
    give: 'a CIDR such as 10.0.0.0/8',
    problem: problemWithNetwork,
  }),
  pod: setting(Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', default: 'local' }), {
    flag: '--pod',
    environment: 'SALLYPORT_POD',
    valueName: 'name',
    meaning: 'Name of this pod (one database and its nodes), as tokens and `/oauth/info` tell it.',
    kind: 'a pod name',
    give: 'up to 63 lower-case letters, digits and hyphens',
  }),
  opsHost: setting(Type.String({ minLength: 1, maxLength: 253, default: '127.0.0.1' }), {
    ...address,
    flag: '--ops-host',
    environment: 'SALLYPORT_OPS_HOST',
    valueName: 'address',
    meaning: 'Address of the operations listener, which serves `/metrics` without a sign-in.',
  }),
  opsPort: setting(
    Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.Literal('off')], { default: 9090 }),
    {
      ...port,
      flag: '--ops-port',
      environment: 'SALLYPORT_OPS_PORT',
      meaning: 'Port of the operations listener; 0 takes any free one, `off` opens none.',
      give: 'a number from 0 to 65535, or off',
    },
  ),
  masterKeyFile: setting(Type.String(Path), {
    ...file,
    flag: '--master-key-file',
    environment: 'SALLYPORT_MASTER_KEY_FILE',
    meaning: 'File (mode 0600) with the key that encrypts signing keys at rest.',
    defaultWords: '`master.key` in the data directory',
  }),
  masterKey: setting(Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })), {
    environment: 'SALLYPORT_MASTER_KEY',
    meaning: 'The master key itself, in place of its file.',
    defaultWords: 'the master key file',
    kind: 'a master key',
    give: '64 lower-case hexadecimal characters',
    isSecret: true,
  }),
  smtpUrl: setting(Type.Optional(Type.String({ maxLength: 4096, pattern: '^smtps?://[^\\s/?#]+/?$' })), {
    environment: 'SALLYPORT_SMTP_URL',
    fileEnvironment: 'SALLYPORT_SMTP_URL_FILE',
    meaning: 'Mail server, for links to reset passwords; with a user and password, TLS is required.',
    defaultWords: 'mails become files in `outbox` in the data directory',
    kind: 'the address of a mail server',
    give: 'one such as smtps://user:password@mail.example:465',
    isSecret: true,
  }),
  mailFrom: setting(Type.Optional(Type.String({ maxLength: 320, pattern: MAIL_FROM })), {
    flag: '--mail-from',
    environment: 'SALLYPORT_MAIL_FROM',
    valueName: 'address',
    meaning: 'Sender of mails: an address, or a name with an address in angle brackets.',
    defaultWords: '`no-reply@` and the domain',
    kind: 'a sender',
    give: 'one such as no-reply@example.com or Acme <no-reply@example.com>',
  }),
  logLevel: setting(Type.Enum(['debug', 'info', 'warn', 'error'], { default: 'info' }), {
    flag: '--log-level',
    environment: 'SALLYPORT_LOG_LEVEL',
    valueName: 'level',
    meaning: 'Least severe events to log.',
    kind: 'a log level',
    give: 'debug, info, warn or error',
  }),
  logFormat: setting(Type.Enum(['json', 'text']), {
    flag: '--log-format',
    environment: 'SALLYPORT_LOG_FORMAT',
    valueName: 'format',
    meaning: 'Shape of log lines.',
    defaultWords: '`text` on a terminal, else `json`',
    kind: 'a log format',
    give: 'json or text',
  }),
  drainSeconds: setting(Type.Integer({ minimum: 0, maximum: 300, default: 25 }), {
    flag: '--drain-seconds',
    environment: 'SALLYPORT_DRAIN_SECONDS',
    valueName: 'seconds',
    meaning: 'Longest time that requests under way may take after the server is told to stop, in seconds.',
    kind: 'a time',
    give: 'seconds from 0 to 300',
  }),
  maxStalenessMs: setting(Type.Integer({ minimum: 200, maximum: 60_000, default: 1000 }), {
    flag: '--max-staleness-ms',
    environment: 'SALLYPORT_MAX_STALENESS_MS',
    valueName: 'milliseconds',
    meaning: 'How far a node of a cluster may lag behind a revocation before it answers 503, in milliseconds.',
    kind: 'a time',
    give: 'milliseconds from 200 to 60000',
  }),
})

/** The checked settings; frozen. */
export type Settings = Readonly<Static<typeof SettingsSchema>>
export type SettingKey = keyof Settings
