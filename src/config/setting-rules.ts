import { isLoopback } from './host-names.ts'
import type { SettingKey, Settings } from './settings-schema.ts'

interface Rule {
  /** The rule is silent while one of these has a mistake of its own. */
  readonly concerns: readonly SettingKey[]
  readonly problem: (settings: Settings) => string | undefined
}

const rules: readonly Rule[] = [
  {
    concerns: ['tlsCert', 'tlsKey'],
    problem: ({ tlsCert, tlsKey }) => {
      if (tlsCert !== undefined && tlsKey === undefined) return '--tls-cert: give --tls-key too; TLS needs both'
      if (tlsKey !== undefined && tlsCert === undefined) return '--tls-key: give --tls-cert too; TLS needs both'
      return undefined
    },
  },
  {
    concerns: ['publicScheme', 'tlsCert'],
    problem: ({ publicScheme, tlsCert }) =>
      publicScheme === 'http' && tlsCert !== undefined
        ? '--public-scheme: http does not go with --tls-cert; leave one of them out'
        : undefined,
  },
  {
    concerns: ['host', 'tlsCert', 'tlsKey', 'trustProxy'],
    problem: ({ host, tlsCert, tlsKey, trustProxy }) =>
      isLoopback(host) || tlsCert !== undefined || tlsKey !== undefined || trustProxy.length > 0
        ? undefined
        : `--host: other machines reach ${host}; give --tls-cert and --tls-key, or --trust-proxy for the proxy in front`,
  },
  {
    concerns: ['host', 'demo'],
    problem: ({ host, demo }) =>
      demo && !isLoopback(host)
        ? `--demo: the demo tenant is not served where other machines reach it; leave --host out, or --demo`
        : undefined,
  },
  {
    concerns: ['databaseUrl', 'migrationUrl'],
    problem: ({ databaseUrl, migrationUrl }) =>
      migrationUrl !== undefined && databaseUrl === undefined
        ? '--migration-url: give --database-url too; both name the same database'
        : undefined,
  },
  {
    concerns: ['port', 'opsPort', 'host', 'opsHost'],
    problem: ({ port, opsPort }) =>
      port !== 0 && port === opsPort
        ? `--ops-port: ${port} is the port of the server itself; give another, or off`
        : undefined,
  },
]

/** One sentence for each rule across settings that is broken; `failed` are the settings with mistakes of their own. */
export function brokenRules(settings: Settings, failed: ReadonlySet<SettingKey>): string[] {
  return rules
    .filter(({ concerns }) => concerns.every((key) => !failed.has(key)))
    .map(({ problem }) => problem(settings))
    .filter((problem) => problem !== undefined)
}
