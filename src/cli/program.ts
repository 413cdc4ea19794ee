import { Command, CommanderError } from 'commander'
import { addOurOwn } from './about-itself.ts'
import { commandGroups } from './commands.ts'
import { examplesBelow } from './examples.ts'
import { exitCodes } from './terminal/exit-codes.ts'
import { formatHelpItem, groupOwnFirst } from './terminal/help-format.ts'
import type { Io } from './terminal/io.ts'
import { readVersion } from './terminal/version.ts'

const more = `
More:
  sallyport help COMMAND      what a command takes, with examples
  sallyport help exit-codes   what its exit codes mean
`

/** Runs the command line with these arguments, and sets the exit code. Never throws. */
export async function runCommandLine(io: Io, args: readonly string[]): Promise<void> {
  try {
    const wanted = wantedCommand(args)
    const program = await makeProgram(io, (name) => name === wanted)
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    // Commander has printed what is wrong with the command line.
    if (error instanceof CommanderError) io.setExitCode(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
    else printUnforeseen(io, error)
  }
}

/** The tree of commands. What is not wanted is there by its name alone, because to load it takes time. */
export async function makeProgram(io: Io, isWanted: (name: string) => boolean): Promise<Command> {
  const program = new Command('sallyport')
    .description('Authentication and authorization for APIs that says why.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Run sallyport --help for what there is.')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({
      formatItem: formatHelpItem,
      groupItems: groupOwnFirst,
      subcommandTerm: (command) => command.name(),
    })
    .addHelpText('after', more)
    .helpCommand(false)
  for (const [heading, commands] of commandGroups) {
    program.commandsGroup(heading)
    for (const { name, summary, load } of commands) {
      if (isWanted(name)) (await load())(program, io)
      else program.command(name)
      program.commands.at(-1)?.summary(summary)
    }
  }
  addOurOwn(program, io, () => makeProgram(io, () => true))
  for (const command of program.commands) addHints(command, command.name())
  return program
}

/** Each help ends with what people type, and each mistake with where to find it. */
function addHints(command: Command, path: string): void {
  command.showHelpAfterError(`Run sallyport help ${path} for what it takes.`)
  command.addHelpText('after', () => ['', 'Examples:', ...examplesBelow(path).map((line) => `  ${line}`)].join('\n'))
  for (const each of command.commands) addHints(each, `${path} ${each.name()}`)
}

/** The first word that is no option; after `help`, the second. The program's own options take no values. */
function wantedCommand(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'))
  return words[0] === 'help' ? words[1] : words[0]
}

function printUnforeseen(io: Io, error: unknown): void {
  io.setExitCode(exitCodes.failed)
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`This should not have happened, please report it:\n${story}\n`)
}
