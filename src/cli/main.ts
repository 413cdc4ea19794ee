import { Command, CommanderError } from 'commander'
import { registerApply } from './apply.ts'
import { registerAudit } from './audit.ts'
import { registerCan } from './can.ts'
import { exitCodes, renderExitCodes } from './exit-codes.ts'
import { registerExplain } from './explain.ts'
import { processIo } from './io.ts'
import { registerJwt } from './jwt.ts'
import { registerServe } from './serve.ts'
import { registerTenant } from './tenant.ts'

const VERSION = '0.1.0'

const io = processIo()
const program = new Command('sallyport')
  .description('Authentication and authorization for APIs that says why.')
  .version(VERSION)
  .showHelpAfterError('Run sallyport --help for what there is.')
  .exitOverride()
  .addHelpText('after', `\nExit codes:\n${renderExitCodes().replace(/^/gm, '  ').trimEnd()}\n`)

for (const register of [
  registerServe,
  registerApply,
  registerTenant,
  registerAudit,
  registerExplain,
  registerCan,
  registerJwt,
])
  register(program, io)

try {
  await program.parseAsync()
} catch (error) {
  // Commander has printed what is wrong with the command line.
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}
