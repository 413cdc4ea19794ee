import type { Command } from 'commander'
import { type AskOptions, asking, openServer } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printJson, printRows, runCommand } from '../terminal/output.ts'

interface ShadowOptions extends AskOptions {
  readonly scope?: string[]
}

interface Shadow {
  scope: string[]
  startedAt: string
  wouldRefuse: { method: string; path: string; calls: number; lastCallAt: string }[]
}

/** Adds `shadow` below a command: a narrower scope on trial, shown, applied or dropped. */
export function registerShadow(command: Command, io: Io): void {
  const shadow = command
    .command('shadow')
    .description('try a narrower scope that refuses nothing, and see what it would have refused')
  const add = (name: string, description: string, run: (id: string, options: ShadowOptions) => Promise<void>) => {
    const sub = shadow.command(`${name} <client-id>`).description(description)
    asking(sub).action((id: string, options: ShadowOptions) => runCommand(io, options, () => run(id, options)))
    return sub
  }
  add('start', 'set the narrower scope', (id, options) =>
    show(io, id, { options, method: 'PUT', body: { scope: options.scope ?? [] } }),
  ).requiredOption('--scope <scope...>', 'the narrower scopes')
  add('show', 'what it would have refused so far', (id, options) => show(io, id, { options, method: 'GET' }))
  add('apply', 'make it the scope of new tokens', (id, options) => end(io, id, { options, verb: 'apply' }))
  add('drop', 'drop it', (id, options) => end(io, id, { options, verb: 'drop' }))
}

const pathOf = (id: string): string => `/sallyport/v1/credentials/${encodeURIComponent(id)}/shadow-scope`

async function show(
  io: Io,
  id: string,
  { options, ...ask }: { options: ShadowOptions; method: 'GET' | 'PUT'; body?: object },
): Promise<void> {
  const { client, format } = await openServer(io, options)
  const shadow = (await client.send({ ...ask, path: pathOf(id) })) as Shadow
  if (format === 'json') return printJson(io, shadow)
  printHint(io, `${shadow.scope.join(' ')}, since ${shadow.startedAt}: ${wordsFor(shadow.wouldRefuse.length)}`)
  const rows = shadow.wouldRefuse.map(({ calls, method, path, lastCallAt }) => [
    String(calls),
    method,
    path,
    lastCallAt,
  ])
  return printRows(io, rows, format)
}

const wordsFor = (operations: number): string =>
  operations === 0 ? 'it would have refused nothing.' : 'it would have refused these calls.'

async function end(
  io: Io,
  id: string,
  { options, verb }: { options: ShadowOptions; verb: 'apply' | 'drop' },
): Promise<void> {
  const { client } = await openServer(io, options)
  if (verb === 'apply') await client.send({ method: 'POST', path: `${pathOf(id)}/apply` })
  else await client.delete(pathOf(id))
  printHint(io, verb === 'apply' ? 'Applied: new tokens hold this scope.' : 'Dropped: the scope is as it was.')
}
