import type { Command } from 'commander'
import type { Flags } from '../../config/settings.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printLines, runCommand } from '../terminal/output.ts'
import { addSettingOptions, settingsOf } from '../installation/settings-options.ts'

/** Adds `sallyport serve`: everything in one process, until it is told to stop. */
export function registerServe(program: Command, io: Io): void {
  const command = program.command('serve').description('serve tenants, tokens and the gateway')
  addSettingOptions(command).action((flags: Flags) => runCommand(io, {}, () => serve(io, flags)))
}

async function serve(io: Io, flags: Flags): Promise<void> {
  const settings = settingsOf(flags, io)
  // What the server is made of is loaded only where a server is wanted.
  const [{ startServer }, { applyAtStart }, { welcome }, { theEnd }, { keepTickShape }, { settleDown }] =
    await Promise.all([
      import('../../server.ts'),
      import('./apply-at-start.ts'),
      import('./welcome.ts'),
      import('./the-end.ts'),
      import('./keep-tick-shape.ts'),
      import('./settle-down.ts'),
    ])
  const end = theEnd()
  const server = await Promise.race([
    startServer(settings, (installation) => applyAtStart(io, settings, installation)),
    errorOf(end),
  ])
  printLines(io, `Sallyport is ready on ${server.url}`)
  printLines(io, ...(await welcome(settings, server)))
  keepTickShape()
  settleDown()
  const reason = await end
  if (reason instanceof Error) {
    server.log.fatal({ err: reason }, 'an error that nothing handled: the server ends, to be started anew')
  } else printHint(io, `${reason}: finishing the requests under way. Once more to stop at once.`)
  await server.close()
  io.setExitCode(reason instanceof Error ? exitCodes.failed : exitCodes.ok)
}

/** Never resolves: only an error that nothing handles ends the start. */
async function errorOf(end: Promise<unknown>): Promise<never> {
  const reason = await end
  if (reason instanceof Error) throw reason
  return new Promise(() => {})
}
