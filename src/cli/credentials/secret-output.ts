import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import { strangeAnswer } from '../connection/refusal.ts'
import { isJsonObject } from '../connection/token-claims.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printJson, printLines } from '../terminal/output.ts'

/** The options of a command that is told a new secret. */
export interface SecretOptions extends AskOptions {
  readonly secretFile?: string
}

/** A credential with the secret that is told this once. */
export interface ToldCredential {
  readonly clientId: string
  readonly secret: string
  /** The whole answer of the server. */
  readonly answer: unknown
}

/** Takes an answer for a credential with its secret. @throws CliFailure where it has none. */
export function toldIn(answer: unknown, request: string): ToldCredential {
  const { id, clientId = id, secret } = isJsonObject(answer) ? answer : {}
  if (typeof clientId === 'string' && typeof secret === 'string') return { clientId, secret, answer }
  throw strangeAnswer(request, 'has no secret')
}

/** Gives a command that asks a server `--secret-file`, too. */
export const addSecretOptions = (command: Command): Command =>
  asking(command, 'env or json').option(
    '--secret-file <path>',
    'write the secret to a new file (0600) instead of printing it',
  )

/**
 * Decides where the secret will go, before there is one: a secret in the log of a pipeline is no secret.
 * @throws CliFailure where it would be printed to something that is neither a terminal nor asked for by name.
 */
export function secretTeller(
  io: Io,
  { output, json, secretFile }: SecretOptions,
): (told: ToldCredential, origin: string) => void {
  const asked = json ? 'json' : (output ?? io.env['SALLYPORT_OUTPUT'] ?? '')
  if (secretFile !== undefined) return ({ clientId, secret }) => writeSecret(io, { path: secretFile, clientId, secret })
  if (asked === 'json') return ({ answer }) => printJson(io, answer)
  if (asked === 'env') return (told, origin) => printLines(io, ...environmentLines(told, origin))
  if (asked !== '' && asked !== 'table' && asked !== 'tsv')
    throw usageFailure(
      `There is no output format ${excerpt(asked)} for a secret.`,
      'The formats are env and json.',
      'Give -o env, for example.',
    )
  if (io.isTty)
    return ({ clientId, secret }) => {
      printLines(io, `Client id  ${clientId}`, `Secret     ${secret}`)
      printHint(io, 'The secret is shown this once. Keep it somewhere safe.')
    }
  throw usageFailure(
    'The secret would go to a file or a pipe.',
    'It is shown once, and what is not a terminal may be a log.',
    'Say that you mean it with -o env or --json, or give --secret-file PATH.',
  )
}

function environmentLines({ clientId, secret }: ToldCredential, origin: string): string[] {
  return [`SAIL_BASE_URL=${origin}`, `SAIL_CLIENT_ID=${clientId}`, `SAIL_CLIENT_SECRET=${secret}`]
}

function writeSecret(io: Io, { path, clientId, secret }: { path: string; clientId: string; secret: string }): void {
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'It cannot be written.'
    // It must not be lost: nothing tells it again.
    printLines(io, `Client id  ${clientId}`, `Secret     ${secret}`)
    throw usageFailure(
      `The secret of ${clientId} was made, but ${excerpt(path)} could not be written.`,
      why,
      'It is printed here instead, this once.',
    )
  }
  printLines(io, clientId)
  printHint(io, `Its secret is in ${excerpt(path)}.`)
}
