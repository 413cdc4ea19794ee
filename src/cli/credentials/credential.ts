import type { Command } from 'commander'
import { type AskOptions, asking, openServer } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printJson, printLines, printRows, runCommand } from '../terminal/output.ts'
import { registerShadow } from './shadow.ts'

const PATH = '/sallyport/v1/credentials'

interface ListOptions extends AskOptions {
  readonly filters?: string
  readonly sorters?: string
  readonly limit?: string
  readonly offset?: string
}

interface Entry {
  id: string
  kind: string
  name: string
  owner: { alias: string } | null
  scope: string[]
  expires: string | null
  lastUsed: string | null
  flags: string[]
}

interface Called {
  method: string
  path: string
  calls: number
  lastCallAt: string
}

interface Impact {
  summary: string
  operations: Called[]
  networks: { network: string; calls: number; lastCallAt: string }[]
}

interface RightSize {
  summary: string
  granted: string[]
  smallest: string[] | null
  operations: { method: string; path: string; calls: number; scopes: string[] }[]
  unjudged: { method: string; path: string; calls: number }[]
}

/** Adds `sallyport credential`: every credential of every owner, what breaks without one, and what it needs. */
export function registerCredential(program: Command, io: Io): void {
  const command = program
    .command('credential')
    .description('every credential of every owner: what it does, what breaks without it, what scopes it needs')
  const list = command
    .command('list')
    .description('list personal access tokens and API clients, and what is remarkable about them')
    .option('--filters <filter>', 'as over HTTP: overBroad eq true and lastUsed lt 2026-01-01')
    .option('--sorters <fields>', 'as over HTTP: -lastUsed,name')
    .option('--limit <number>', 'at most so many, 250 if left out')
    .option('--offset <number>', 'leave out so many at the start')
  asking(list).action((options: ListOptions) => runCommand(io, options, () => showList(io, options)))
  const impact = command
    .command('impact <client-id>')
    .description('what breaks when a credential is deleted: what it called lately, and from where')
    .option('--since <date>', 'from this day on, such as 2026-06-01; the last 30 days if left out')
  asking(impact).action((id: string, options: AskOptions & { since?: string }) =>
    runCommand(io, options, () => showImpact(io, id, options)),
  )
  const rightSize = command
    .command('right-size <client-id>')
    .description('the smallest scope list that would have allowed every call that was seen')
  asking(rightSize).action((id: string, options: AskOptions) =>
    runCommand(io, options, () => showRightSize(io, id, options)),
  )
  registerShadow(command, io)
}

async function showList(io: Io, options: ListOptions): Promise<void> {
  const { client, format } = await openServer(io, options)
  const query = new URLSearchParams()
  for (const name of ['filters', 'sorters', 'limit', 'offset'] as const)
    if (options[name] !== undefined) query.set(name, options[name])
  const entries = (await client.get(`${PATH}?${query.toString()}`)) as Entry[]
  if (format === 'json') return printJson(io, entries)
  if (entries.length === 0) return printHint(io, 'No credential matches.')
  return printRows(io, entries.map(cellsOf), format)
}

const cellsOf = ({ id, kind, name, owner, scope, expires, lastUsed, flags }: Entry): string[] => [
  id,
  kind === 'OAUTH_CLIENT' ? 'client' : 'pat',
  name,
  owner?.alias ?? '-',
  expires ?? 'never',
  lastUsed ?? 'never',
  flags.join(' ') || '-',
  scope.join(' ') || '-',
]

async function showImpact(io: Io, id: string, options: AskOptions & { since?: string }): Promise<void> {
  const { client, format } = await openServer(io, options)
  const query = options.since === undefined ? '' : `?since=${encodeURIComponent(options.since)}`
  const impact = (await client.get(`${PATH}/${encodeURIComponent(id)}/impact${query}`)) as Impact
  if (format === 'json') return printJson(io, impact)
  printHint(io, impact.summary)
  return printRows(
    io,
    [
      ...impact.operations.map((each) => [String(each.calls), each.method, each.path, each.lastCallAt]),
      ...impact.networks.map((each) => [String(each.calls), 'from', each.network, each.lastCallAt]),
    ],
    format,
  )
}

async function showRightSize(io: Io, id: string, options: AskOptions): Promise<void> {
  const { client, format } = await openServer(io, options)
  const size = (await client.get(`${PATH}/${encodeURIComponent(id)}/right-size`)) as RightSize
  if (format === 'json') return printJson(io, size)
  printHint(io, size.summary)
  for (const { method, path } of size.unjudged) printHint(io, `Not judged: ${method} ${path}`)
  return printLines(io, ...(size.smallest ?? []))
}
