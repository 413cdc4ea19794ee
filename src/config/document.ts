import { type SettingOption, settingOptions } from './setting-options.ts'

const introduction = `# Configuration

<!-- Written from src/config/settings-schema.ts; change that, then run: node tools/check-docs.ts --write -->

Every setting is a flag of \`serve\` and a variable. A flag wins over its variable, a variable over the default, and an
empty variable counts as not set. All mistakes are reported at once, before anything is opened; so is every
\`SALLYPORT_...\` variable that no one reads. The variables that Kubernetes makes for a service named \`sallyport\`
(\`SALLYPORT_PORT=tcp://...\`, \`SALLYPORT_SERVICE_HOST\`) are passed over.

Flags that may be given more than once take a comma-separated list as a variable. A variable whose name ends in
\`_FILE\` names a file that holds the value.
`

const rules = `
## What goes together

- An address in \`--host\` that other machines reach needs \`--tls-cert\` and \`--tls-key\`, or \`--trust-proxy\` with the
  networks of the proxy in front. Forwarded headers count only when they come from there.
- An IPv4 network is written as IPv4, also where the peer is seen as \`::ffff:10.0.0.1\`.
- \`--tls-cert\` and \`--tls-key\` come together, and make the public scheme \`https\`.
- \`--migration-url\` needs \`--database-url\`.
- The master key comes from its file or from \`SALLYPORT_MASTER_KEY\`, not from both.
- \`--demo\` is refused on an address that other machines reach.
`

/** The text of docs/configuration.md, written from the schema of the settings. */
export function renderConfigurationDoc(): string {
  const rows = settingOptions().map((option) => cells(option).map(escapeCell).join(' | '))
  const table = ['Flag | Variable | Meaning | Default', '--- | --- | --- | ---', ...rows].map((row) => `| ${row} |`)
  return [introduction, ...table, rules].join('\n')
}

function cells(option: SettingOption): string[] {
  const { flag, valueName, environment, fileEnvironment, meaning, defaultWords } = option
  const shownFlag = flag === undefined ? '' : code(valueName === undefined ? flag : `${flag} <${valueName}>`)
  const variables = [environment, fileEnvironment].filter((name) => name !== undefined).map(code)
  return [shownFlag, variables.join(', '), meaning, defaultWords]
}

function code(text: string): string {
  return `\`${text}\``
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
