import type { Command } from 'commander'
import { exitCodes } from '../terminal/exit-codes.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printJson, printLines, runCommand } from '../terminal/output.ts'
import { addPersonaOptions, type PersonaOptions } from './persona.ts'

/** Adds `sallyport can METHOD PATH`: yes or no on standard output, and exit code 0 or 10. */
export function registerCan(program: Command, io: Io): void {
  const command = program
    .command('can <method> <path>')
    .description('may a credential call an operation? Exit code 0 for yes, 10 for no')
  addPersonaOptions(command).action((method: string, path: string, options: PersonaOptions) =>
    runCommand(io, options, () => can(io, { method, path }, options)),
  )
}

async function can(io: Io, { method, path }: { method: string; path: string }, options: PersonaOptions): Promise<void> {
  const format = outputFormat(options, io)
  const { askAbout } = await import('./question.ts')
  const { allowed, status, reason } = await askAbout(io, method, path, options)
  if (format === 'json') printJson(io, { allowed, status, reason })
  else if (allowed) printLines(io, 'yes')
  else printLines(io, reason === null ? `no: it is answered ${status}` : `no: ${reason.message} (${reason.code})`)
  io.setExitCode(allowed ? exitCodes.ok : exitCodes.no)
}
