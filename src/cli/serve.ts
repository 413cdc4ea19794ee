import { once } from 'node:events'
import type { Command } from 'commander'
import type { Flags } from '../config/settings.ts'
import { exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'
import { printHint, printLines, runCommand } from './output.ts'
import { addSettingOptions, settingsOf } from './settings-options.ts'

/** Adds `sallyport serve`: everything in one process, until it is told to stop. */
export function registerServe(program: Command, io: Io): void {
  const command = program.command('serve').description('serve tenants, tokens and the gateway')
  addSettingOptions(command).action((flags: Flags) => runCommand(io, {}, () => serve(io, flags)))
}

async function serve(io: Io, flags: Flags): Promise<void> {
  const settings = settingsOf(flags, io)
  // What the server is made of is loaded only where a server is wanted.
  const [{ startServer }, { applyAtStart }, { welcome }] = await Promise.all([
    import('../server.ts'),
    import('./apply-at-start.ts'),
    import('./welcome.ts'),
  ])
  const stop = stopSignal()
  const server = await startServer(settings, (installation) => applyAtStart(io, settings, installation))
  printLines(io, `Sallyport is ready on ${server.url}`)
  printLines(io, ...(await welcome(settings, server)))
  const signal = await stop
  printHint(io, `${signal}: finishing the requests under way. Once more to stop at once.`)
  await server.close()
  io.setExitCode(exitCodes.ok)
}

/** The first SIGTERM or SIGINT; a second one ends the process at once. */
async function stopSignal(): Promise<string> {
  const term = once(process, 'SIGTERM').then(() => 'SIGTERM')
  const int = once(process, 'SIGINT').then(() => 'SIGINT')
  const signal = await Promise.race([term, int])
  // A terminal sends Ctrl-C to the whole group, and npm passes it on once more: that is one wish, not two.
  setTimeout(() => {
    process.once('SIGTERM', () => process.exit(exitCodes.terminated))
    process.once('SIGINT', () => process.exit(exitCodes.interrupted))
  }, SAME_WISH_MS).unref()
  process.on('SIGTERM', () => {})
  process.on('SIGINT', () => {})
  return signal
}

const SAME_WISH_MS = 500
