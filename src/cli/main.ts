import { processIo } from './terminal/io.ts'
import { runCommandLine } from './program.ts'

// A reader that went away, or a full disk below a log, must not end what is being done.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
// Whatever a command writes (databases, keys, secrets) is for its user alone.
process.umask(0o077)

const LEFTOVERS_MS = 1000

await runCommandLine(processIo(), process.argv.slice(2))
// The command is done: what a failure left open must not keep the process.
setTimeout(() => process.exit(), LEFTOVERS_MS).unref()
