import type { Command } from 'commander'
import type { Io } from '../terminal/io.ts'
import type { LevelFlags } from './level-verbs.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import { runCommand } from '../terminal/output.ts'

/** Adds `sallyport level ...`: user levels of one's own making. */
export function registerLevel(program: Command, io: Io): void {
  const level = program.command('level').description('custom user levels')
  const verbs = () => import('./level-verbs.ts')

  asking(level.command('list').description('list custom user levels')).action((options: AskOptions) =>
    runCommand(io, options, async () => (await verbs()).list(io, options)),
  )
  asking(level.command('right-sets').description('list the right sets that a level can be made of')).action(
    (options: AskOptions) => runCommand(io, options, async () => (await verbs()).listRightSets(io, options)),
  )
  asking(level.command('show <level>').description('one level, by its id or name')).action(
    (wanted: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).show(io, wanted, options)),
  )
  describing(asking(level.command('create <name>').description('make a draft; publish it to assign it'))).action(
    (name: string, options: AskOptions & LevelFlags) =>
      runCommand(io, options, async () => (await verbs()).create(io, name, options)),
  )
  describing(asking(level.command('edit <level>').description('change a level; live tokens follow at once')))
    .option('--name <name>', 'a new name')
    .action((wanted: string, options: AskOptions & LevelFlags) =>
      runCommand(io, options, async () => (await verbs()).edit(io, wanted, options)),
    )
  asking(level.command('publish <level>').description('make a draft assignable')).action(
    (wanted: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).publish(io, wanted, options)),
  )
  asking(level.command('delete <level>').description('delete a level that nobody holds'))
    .option('--yes', 'really do it')
    .action((wanted: string, options: AskOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => (await verbs()).remove(io, wanted, options)),
    )
  asking(level.command('assign <level> <identity>').description('give a published level to somebody')).action(
    (wanted: string, identity: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).assign(io, { wanted, identity }, options)),
  )
}

const describing = (command: Command): Command =>
  command
    .option('--description <text>', 'what it is for')
    .option('--right-set <id...>', 'what its holders may do: sallyport level right-sets')
