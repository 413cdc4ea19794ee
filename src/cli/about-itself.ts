import type { Command } from 'commander'
import { suggestion } from '../config/nearest-word.ts'
import { exitCodes, renderExitCodes } from './terminal/exit-codes.ts'
import type { Io } from './terminal/io.ts'
import { runCommand } from './terminal/output.ts'
import { readVersion } from './terminal/version.ts'

/** Adds the commands about the command line itself: `completion`, `version` and `help`. */
export function addOurOwn(program: Command, io: Io, loadAll: () => Promise<Command>): void {
  program
    .command('completion <shell>')
    .summary('print a script that completes commands and options')
    .description('print a script that completes commands and options, for bash, zsh or fish')
    .action((shell: string) =>
      runCommand(io, {}, async () => {
        const { completionScript } = await import('./completion/script.ts')
        io.stdout.write(completionScript(shell, await loadAll()))
      }),
    )
  program
    .command('version')
    .summary('print the version')
    .action(() => void io.stdout.write(`${readVersion()}\n`))
  program
    .command('help [topics...]')
    .summary('print help for a command, or for exit-codes')
    .action((topics: string[]) =>
      runCommand(io, {}, () => {
        if (topics.join(' ') === 'exit-codes') io.stdout.write(renderExitCodes())
        else commandAt(program, topics).outputHelp()
      }),
    )
}

function commandAt(program: Command, names: readonly string[]): Command {
  return names.reduce((command, name) => {
    const found = command.commands.find((each) => each.name() === name)
    if (found) return found
    const known = [...command.commands.map((each) => each.name()), ...(command === program ? ['exit-codes'] : [])]
    return command.error(`error: no help for ${name}; ${suggestion(name, known)}`, { exitCode: exitCodes.usage })
  }, program)
}
