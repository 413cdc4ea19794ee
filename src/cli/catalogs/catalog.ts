import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import type { CatalogName, LoadOptions } from './load.ts'
import { usageFailure } from '../terminal/failure.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { runCommand } from '../terminal/output.ts'

/** Adds `sallyport catalog ...`: the OpenAPI documents of a tenant, and what differs between two of them. */
export function registerCatalog(program: Command, io: Io): void {
  const catalog = program.command('catalog').description('the OpenAPI documents of a tenant')
  addReading(catalog, io)
  for (const verb of ['import', 'replace'] as const) addLoading(catalog, io, verb)
  addDiff(catalog, io)
}

function addReading(catalog: Command, io: Io): void {
  asking(catalog.command('list').description('list the documents that are loaded')).action((options: AskOptions) =>
    runCommand(io, options, async () => (await import('./read.ts')).list(io, options)),
  )
  asking(catalog.command('show <name>').description('one catalog, and what its import noted')).action(
    (name: string, options: AskOptions) =>
      runCommand(io, options, async () => (await import('./read.ts')).show(io, nameOf(name), options)),
  )
  asking(catalog.command('remove <name>').description('remove a catalog: its operations are unknown from then on'))
    .option('--yes', 'really do it')
    .action((name: string, options: AskOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => (await import('./read.ts')).remove(io, nameOf(name), options)),
    )
}

function addLoading(catalog: Command, io: Io, verb: 'import' | 'replace'): void {
  const what = verb === 'import' ? 'load a document as a new catalog' : 'load a document in place of a catalog'
  asking(catalog.command(`${verb} <name> <file>`).description(`${what}; - reads standard input`))
    .option('--prefix <path>', "put before the document's paths, such as /v3")
    .option('--upstream <address>', 'sample, or an address that the operator of the server allows')
    .option('--scheme <name=context...>', 'what a security scheme stands for: user, application or any')
    .option('--sample-faults <faults>', 'faults of a sample, such as latency=200,429@10%; "" for none')
    .option('--dry-run', 'say what would come of it, and change nothing')
    .action((name: string, file: string, options: AskOptions & LoadOptions) =>
      runCommand(io, options, async () =>
        (await import('./load.ts')).load(io, { verb, name: nameOf(name), file }, options),
      ),
    )
}

function addDiff(catalog: Command, io: Io): void {
  asking(catalog.command('diff <before> <after>'))
    .description('what two catalogs, or documents in files, demand differently; exit code 10 if anything')
    .option('--breaking', 'only what could refuse somebody who got through before')
    .option('--scheme <name=context...>', 'what a security scheme of the files stands for: user, application or any')
    .action((before: string, after: string, options: AskOptions & { breaking?: boolean; scheme?: string[] }) =>
      runCommand(io, options, async () => (await import('./diff.ts')).diff(io, { before, after }, options)),
    )
}

function nameOf(text: string): CatalogName {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text
  const why = 'A name has up to 64 letters, digits, dots, hyphens and underscores.'
  throw usageFailure(`${excerpt(text)} is no name of a catalog.`, why, 'See the names: sallyport catalog list')
}
