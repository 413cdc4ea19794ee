import type { Command } from 'commander'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, runCommand } from '../terminal/output.ts'
import { signIn } from '../connection/asking.ts'
import { isJsonObject } from '../connection/token-claims.ts'
import { idOf } from './named.ts'
import { addSecretOptions, type SecretOptions, secretTeller, toldIn } from './secret-output.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const DAY = '24h'

interface RotateOptions extends SecretOptions {
  readonly overlap?: string
}

/** Adds `rotate <id>` to the commands for one kind of credential. */
export function addRotate(parent: Command, io: Io, listPath: string): void {
  addSecretOptions(
    parent.command('rotate <id-or-name>').description('make a new secret; the old one goes on for a while'),
  )
    .option('--overlap <time>', 'how long the old secret goes on: 0, 30m, 24h, 7d', DAY)
    .action((idOrName: string, options: RotateOptions) =>
      runCommand(io, options, async () => {
        const overlapSeconds = secondsOf(options.overlap ?? DAY)
        const tell = secretTeller(io, options)
        const client = await signIn(io, options)
        const path = `/sallyport/v1/credentials/${await idOf(client, listPath, idOrName)}/secrets`
        const answer = await client.post(path, { overlapSeconds })
        tell(toldIn(answer, `POST ${path}`), client.origin)
        if (isJsonObject(answer) && typeof answer['previousRetiresAt'] === 'string')
          printHint(io, `The secret before it works until ${answer['previousRetiresAt']}.`)
      }),
    )
}

function secondsOf(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? []
  if (count === '' || (unit === 's' && !text.endsWith('s') && text !== '0'))
    throw usageFailure(
      'That is no length of time.',
      'It is a number with its unit: s, m, h or d.',
      'Give --overlap 24h.',
    )
  return Number(count) * (UNIT_SECONDS[unit] ?? 1)
}
