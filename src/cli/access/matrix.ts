import { type Command, Option } from 'commander'
import { type AskOptions, asking, openServer } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printJson, printRows, runCommand } from '../terminal/output.ts'

const contexts = ['user', 'user-or-application', 'application', 'any-token', 'public', 'denied']
const filters = ['version', 'method', 'path', 'context', 'scope', 'user-level', 'catalog', 'q'] as const

interface MatrixOptions extends AskOptions {
  readonly asContext?: string
  readonly asScopes?: string
  readonly asUserLevels?: string
  readonly [filter: string]: unknown
}

interface Row {
  readonly [column: string]: unknown
}

/** Adds `sallyport matrix`: what every operation demands, filtered, and whether a persona may call it. */
export function registerMatrix(program: Command, io: Io): void {
  const command = program
    .command('matrix')
    .description('list what every operation demands: who may call it, with which scopes and user levels')
    .option('--version <version>', 'API version, such as v3 or v2025')
    .option('--method <method>', 'GET, POST ...')
    .option('--path <path>', 'a part of the path, or a pasted URL')
    .addOption(new Option('--context <context>', 'whom operations let in').choices(contexts))
    .option('--scope <scope>', 'operations that take this scope')
    .option('--user-level <level>', 'operations that name this user level')
    .option('--catalog <name>', 'operations of this catalog; sallyport for our own')
    .option('--q <text>', 'a part of path, operation id, summary, scope or level')
    .addOption(new Option('--as-context <context>', 'add a verdict for a persona').choices(['user', 'application']))
    .option('--as-scopes <scopes>', "the persona's scopes, separated by spaces")
    .option('--as-user-levels <levels>', "the persona's user levels, separated by spaces")
  asking(command).action((options: MatrixOptions) => runCommand(io, options, () => showMatrix(io, options)))
}

async function showMatrix(io: Io, options: MatrixOptions): Promise<void> {
  const { client, format } = await openServer(io, options)
  const rows = (await client.get(`/sallyport/v1/access-matrix?${queryOf(options).toString()}`)) as readonly Row[]
  if (format === 'json') return printJson(io, rows)
  if (rows.length === 0) return printHint(io, 'No operation matches.')
  const hasVerdict = rows.some(({ allowed }) => allowed !== undefined)
  printRows(
    io,
    rows.map((row) => cellsOf(row, hasVerdict)),
    format,
  )
}

function cellsOf(row: Row, hasVerdict: boolean): string[] {
  const scopes = [...new Set([...listOf(row['userScopes']), ...listOf(row['applicationScopes'])])]
  const cells = [textOf(row['method']), textOf(row['path']), textOf(row['context']), scopes.join(' ') || '-']
  const levels = listOf(row['userLevels']).join(' ') || '-'
  const verdict = row['allowed'] === true ? 'yes' : `no: ${textOf(row['reason'])}`
  return hasVerdict ? [verdict, ...cells, levels] : [...cells, levels]
}

function queryOf(options: MatrixOptions): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of [...filters, 'as-context', 'as-scopes', 'as-user-levels']) {
    const key = name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())
    const value = options[key]
    if (typeof value === 'string') query.set(key, value)
  }
  return query
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : [])
