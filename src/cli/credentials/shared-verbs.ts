import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { type AskOptions, asking, openServer, signIn } from '../connection/asking.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printJson, printRows, runCommand } from '../terminal/output.ts'
import { idOf, listAt, type Named, requireYes } from './named.ts'

/** Prints what a path lists, a row for each; `nothing` is said of an empty list. */
export async function printListed(
  io: Io,
  options: AskOptions,
  { path, rowOf, nothing }: { path: string; rowOf: (each: Named) => string[]; nothing: string },
): Promise<void> {
  const { client, format } = await openServer(io, options)
  const all = await listAt(client, path)
  if (format === 'json') return printJson(io, all)
  if (all.length === 0) return printHint(io, nothing)
  return printRows(io, all.map(rowOf), format)
}

/** Adds `delete <id-or-name>` for one kind of credential: names are those that `listPath` lists. */
export function addDelete(parent: Command, io: Io, { path, listPath }: { path: string; listPath: string }): void {
  asking(parent.command('delete <id-or-name>').description('delete one, and end the tokens it obtained'))
    .option('--yes', 'really do it')
    .action((idOrName: string, options: AskOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => {
        const client = await signIn(io, options)
        const id = await idOf(client, listPath, idOrName)
        await requireYes(client, { id, isSure: options.yes === true })
        await client.delete(`${path}/${id}`)
        printHint(io, `Deleted ${id}.`)
      }),
    )
}

/** A JSON Patch (RFC 6902) that says each of these members. */
export const patchOf = (said: object, op: 'add' | 'replace'): { op: string; path: string; value: unknown }[] =>
  Object.entries(said).map(([member, value]) => ({ op, path: `/${member}`, value: value as unknown }))

/** A number of seconds, as an option has it: which are allowed, the server knows. @throws CliFailure for no number. */
export function secondsIn(text: string, flag: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw usageFailure(
    `${excerpt(text)} is no number of seconds.`,
    'It has digits alone.',
    `Give ${flag} 900, for example.`,
  )
}

/** Nothing was said that an edit could change. */
export const nothingToChange = (options: string): Error =>
  usageFailure('There is nothing to change.', 'No option says what.', `Give ${options}, for example.`)
