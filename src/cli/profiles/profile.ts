import type { Command } from 'commander'
import type { Io } from '../terminal/io.ts'
import { addOutputOptions, type OutputOptions, runCommand } from '../terminal/output.ts'
import type { NewProfile } from './verbs.ts'

/** Adds `sallyport profile ...`: addresses with their credentials, kept in a file of yours. */
export function registerProfile(program: Command, io: Io): void {
  const profile = program
    .command('profile')
    .description('store the address of a server with a credential for it, to be used by --profile NAME')
  const verbs = () => import('./verbs.ts')

  addOutputOptions(
    profile
      .command('add <name> <url>')
      .description('store a profile; its secret is read from standard input')
      .requiredOption('--client-id <id>', 'the id of a personal access token or an API client')
      .option('--replace', 'in place of a profile of this name')
      .option('--no-check', 'do not try to sign in first'),
  ).action((name: string, url: string, options: OutputOptions & NewProfile) =>
    runCommand(io, options, async () => (await verbs()).add(io, { name, url }, options)),
  )
  addOutputOptions(profile.command('list').description('the profiles there are, without their secrets')).action(
    (options: OutputOptions) => runCommand(io, options, async () => (await verbs()).list(io, options)),
  )
  addOutputOptions(profile.command('use <name>').description('use a profile where none is named')).action(
    (name: string, options: OutputOptions) => runCommand(io, options, async () => (await verbs()).use(io, name)),
  )
  addOutputOptions(profile.command('remove <name>').description('forget a profile'))
    .option('--yes', 'really do it')
    .action((name: string, options: OutputOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => (await verbs()).remove(io, name, options)),
    )
}
