import type { Command } from 'commander'
import { decodePasted } from './pasted-token.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import {
  addOutputOptions,
  type OutputOptions,
  outputFormat,
  printJson,
  printLines,
  printRows,
  runCommand,
} from '../terminal/output.ts'
import { describeToken } from './token-description.ts'

const MAX_INPUT_LENGTH = 262_144

/** Adds `sallyport jwt [TOKEN|-]`: looks into a token without sending it anywhere. */
export function registerJwt(program: Command, io: Io): void {
  const command = program
    .command('jwt [token]')
    .description('look into a token, here and without verifying it; - reads it from standard input')
  addOutputOptions(command).action((argument: string | undefined, options: OutputOptions) =>
    runCommand(io, options, () => inspect(io, argument, options)),
  )
}

async function inspect(io: Io, argument: string | undefined, options: OutputOptions): Promise<void> {
  const format = outputFormat(options, io)
  const token = decodePasted(await readInput(io, argument))
  const description = describeToken(token, io.nowMs())
  if (format === 'json') {
    const { kind, user, isExpired, expiresAt } = description
    const context = user === undefined ? 'application' : 'user'
    printJson(io, { ...token, kind, context, expiresAt, isExpired, isVerified: false })
    return
  }
  printLines(io, ...description.sentences, '')
  printRows(io, description.rows, format)
}

async function readInput(io: Io, argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return argument
  if (argument === undefined && io.stdin.isTTY) {
    throw usageFailure(
      'There is no token to look into.',
      'None was given, and nothing is piped in.',
      'Pipe one in: pbpaste | sallyport jwt -',
    )
  }
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of io.stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.length > MAX_INPUT_LENGTH)
      throw usageFailure(
        'That is too long for a token.',
        'More than 256 KiB were piped in.',
        'Pipe in the token alone.',
      )
  }
  return text
}
