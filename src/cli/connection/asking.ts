import { type Command, Option } from 'commander'
import type { ServerOptions } from '../profiles/with-profile.ts'
import { sharedHeadings } from '../terminal/help-format.ts'
import type { Io } from '../terminal/io.ts'
import { addOutputOptions, type OutputFormat, type OutputOptions, outputFormat } from '../terminal/output.ts'
import type { Client } from './client.ts'

/** What every command that asks a server is told: which one, as whom, and how to print the answer. */
export interface AskOptions extends OutputOptions, ServerOptions {}

/** Gives a command the options that say which server it asks, as whom, and how it prints the answer. */
export const asking = (command: Command, formatNames?: string): Command =>
  addOutputOptions(
    command
      .addOption(
        new Option('--url <url>', 'address of the server (SALLYPORT_URL, SAIL_BASE_URL)').helpGroup(
          sharedHeadings.server,
        ),
      )
      .addOption(
        new Option('--profile <name>', 'a stored profile (SALLYPORT_PROFILE); see sallyport help profile').helpGroup(
          sharedHeadings.server,
        ),
      ),
    formatNames,
  )

/**
 * Signs in for a command, as `openClient` does. What it takes to speak to a server is loaded only here.
 * @throws CliFailure for what `openClient` fails with.
 */
export async function signIn(io: Io, options: AskOptions): Promise<Client> {
  const { openClient } = await import('./client.ts')
  return openClient(io, options)
}

/**
 * Signs in, and says how to print what comes back. That is settled first: a slip of the pen costs no request.
 * @throws CliFailure for a format that does not exist, and as `signIn` does.
 */
export async function openServer(io: Io, options: AskOptions): Promise<{ client: Client; format: OutputFormat }> {
  const format = outputFormat(options, io)
  return { client: await signIn(io, options), format }
}
