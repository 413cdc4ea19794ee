import type { Command } from 'commander'
import { asking } from '../connection/asking.ts'
import type { DenialsOptions } from './log-denials.ts'
import type { TailOptions } from './log-tail.ts'
import type { Io } from '../terminal/io.ts'
import { runCommand } from '../terminal/output.ts'

/** Adds `sallyport log tail` and `sallyport log denials`. */
export function registerLog(program: Command, io: Io): void {
  const log = program.command('log').description('what is refused, and to whom')
  addTail(log, io)
  addDenials(log, io)
}

function addTail(log: Command, io: Io): void {
  const tail = log
    .command('tail')
    .description('print refusals as they happen, until Ctrl-C; connects again when the connection breaks')
    .option('--allowed', 'calls that pass both gates, too')
    .option('--client <id>', 'calls of this client alone; nobody for those without a valid token')
    .option('--reason <code>', 'refusals for this reason alone, such as scope.missing')
    .option('--method <method>', 'GET, POST ...')
    .option('--path <text>', 'a part of the path')
    .option('-n, --count <count>', 'end after so many')
  asking(tail).action((options: TailOptions) =>
    runCommand(io, options, async () => (await import('./log-tail.ts')).tailLog(io, options)),
  )
}

function addDenials(log: Command, io: Io): void {
  const denials = log
    .command('denials')
    .description('list refusals of the last seven days by client, operation and reason')
    .option('--client <id>', 'of this client alone; nobody for those without a valid token')
    .option('--reason <code>', 'for this reason alone')
    .option('--since <time>', 'a time, or how long ago: 30m, 24h, 7d')
    .option('--limit <count>', 'at most so many, up to 250')
  asking(denials).action((options: DenialsOptions) =>
    runCommand(io, options, async () => (await import('./log-denials.ts')).listDenials(io, options)),
  )
}
