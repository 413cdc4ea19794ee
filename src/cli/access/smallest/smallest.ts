import type { Command } from 'commander'
import type { SmallestOptions } from './ask.ts'
import { asking } from '../../connection/asking.ts'
import type { Io } from '../../terminal/io.ts'
import { runCommand } from '../../terminal/output.ts'

const examples = `
Examples:
  sallyport smallest --for 'GET /v2025/identities' --for 'POST /v3/sources'
  sallyport smallest collection.json          a Postman collection or a HAR
  pbpaste | sallyport smallest -              curl commands, or lines such as GET /v3/sources

Of a file only methods and paths are read and sent: no header, body or secret.
Exit code 0 when one credential suffices for all, 10 when none does.
`

/** Adds `sallyport smallest`: which credential type, scopes and user level suffice for a list of requests. */
export function registerSmallest(program: Command, io: Io): void {
  const command = program
    .command('smallest [files...]')
    .description('which credential type, scopes and user level suffice for a list of requests')
    .option('--for <request...>', "a request, such as 'GET /v3/sources'")
    .option('--host <name>', 'of a HAR or a collection, only what goes to this host')
    .addHelpText('after', examples)
  asking(command).action((files: string[], options: SmallestOptions) =>
    runCommand(io, options, async () => (await import('./ask.ts')).askSmallest(io, files, options)),
  )
}
