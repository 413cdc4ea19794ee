import type { Command } from 'commander'
import type { SmallestOptions } from './ask.ts'
import { asking } from '../../connection/asking.ts'
import type { Io } from '../../terminal/io.ts'
import { runCommand } from '../../terminal/output.ts'

/** Adds `sallyport smallest`: which credential type, scopes and user level suffice for a list of requests. */
export function registerSmallest(program: Command, io: Io): void {
  const command = program
    .command('smallest [files...]')
    .description(
      'which credential type, scopes and user level suffice for a list of requests; of files only methods and paths are read and sent; exit code 10 when no single credential suffices',
    )
    .option('--for <request...>', "a request, such as 'GET /v3/sources'")
    .option('--host <name>', 'of a HAR or a collection, only what goes to this host')
  asking(command).action((files: string[], options: SmallestOptions) =>
    runCommand(io, options, async () => (await import('./ask.ts')).askSmallest(io, files, options)),
  )
}
