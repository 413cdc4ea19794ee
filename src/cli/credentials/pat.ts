import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { type AskOptions, asking, openServer, signIn } from '../connection/asking.ts'
import type { Client } from '../connection/client.ts'
import { printDone } from '../connection/records.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { runCommand } from '../terminal/output.ts'
import { idOf, type Named, textOf } from './named.ts'
import { addRotate } from './rotate.ts'
import { addSecretOptions, type SecretOptions, secretTeller, toldIn } from './secret-output.ts'
import { addDelete, nothingToChange, patchOf, printListed, secondsIn } from './shared-verbs.ts'

const PATH = '/v2025/personal-access-tokens'
const OWN = `${PATH}?owner-id=me`
const NOTHING = 'There is none. Make one: sallyport pat create NAME --expires TIME'

interface CreateOptions extends TokenOptions, SecretOptions {
  readonly for?: string
}
interface TokenOptions extends AskOptions {
  readonly name?: string
  readonly scope?: string[]
  readonly expires?: string
  readonly never?: boolean
  readonly validity?: string
}

const endOptions = (command: Command): Command =>
  command
    .option('--scope <scope...>', 'what it is limited to; all that your own token has if left out')
    .option('--expires <time>', 'when it ends, such as 2027-05-21')
    .option('--never', 'it shall never end')

/** Adds `sallyport pat list|create|edit|delete|rotate`. */
export function registerPat(program: Command, io: Io): void {
  const pat = program.command('pat').description('personal access tokens: list, create, edit, delete, rotate')
  addList(pat, io)
  addCreate(pat, io)
  addEdit(pat, io)
  addDelete(pat, io, { path: PATH, listPath: OWN })
  addRotate(pat, io, OWN)
}

function addList(pat: Command, io: Io): void {
  asking(pat.command('list').description('your own, or those of others'))
    .option('--owner <id>', 'of this identity; all for those of everybody', 'me')
    .action((options: AskOptions & { owner: string }) =>
      runCommand(io, options, () => {
        const query = options.owner === 'all' ? '' : `?owner-id=${encodeURIComponent(options.owner)}`
        return printListed(io, options, { path: `${PATH}${query}`, rowOf, nothing: NOTHING })
      }),
    )
}

function rowOf({ id, name, scope, expirationDate, lastUsed }: Named): string[] {
  const scopes = Array.isArray(scope) ? scope.join(',') : ''
  return [id, name, scopes, `ends ${textOf(expirationDate) || 'never'}`, `used ${textOf(lastUsed) || 'never'}`]
}

function addCreate(pat: Command, io: Io): void {
  endOptions(addSecretOptions(pat.command('create <name>').description('make one of your own, or of a machine')))
    .option('--validity <seconds>', 'how long its access tokens live, 15 to 43200')
    .option('--for <identity>', 'make it for this machine, by id or alias; you must be ORG_ADMIN')
    .action((name: string, options: CreateOptions) =>
      runCommand(io, options, async () => {
        const said = endOf(options)
        if (said.expirationDate === undefined)
          throw usageFailure(
            'It is not said when the token ends.',
            'A token without an end must be meant so.',
            'Give --expires TIME, or --never.',
          )
        const tell = secretTeller(io, options)
        const client = await signIn(io, options)
        const validity =
          options.validity === undefined
            ? {}
            : { accessTokenValiditySeconds: secondsIn(options.validity, '--validity') }
        const body = { name, ...said, ...validity, ...(options.scope && { scope: options.scope }) }
        const path = options.for === undefined ? PATH : await pathFor(client, options.for)
        tell(toldIn(await client.post(path, body), `POST ${path}`), client.origin)
      }),
    )
}

async function pathFor(client: Client, machine: string): Promise<string> {
  const { findIdentity, IDENTITIES } = await import('../people/find-identity.ts')
  return `${IDENTITIES}/${await findIdentity(client, machine)}/personal-access-tokens`
}

function addEdit(pat: Command, io: Io): void {
  endOptions(asking(pat.command('edit <id-or-name>').description('change name, scope or end')))
    .option('--name <name>', 'its new name')
    .action((idOrName: string, options: TokenOptions) =>
      runCommand(io, options, async () => {
        const { name, scope } = options
        const said = { ...(name !== undefined && { name }), ...(scope && { scope }), ...endOf(options) }
        const operations = patchOf(said, 'add')
        if (operations.length === 0) throw nothingToChange('--name, --scope, --expires or --never')
        const { client, format } = await openServer(io, options)
        const answer = await client.patch(`${PATH}/${await idOf(client, OWN, idOrName)}`, operations)
        printDone(io, answer, { words: 'Changed. Access tokens that are out keep the scope that they have.', format })
      }),
    )
}

function endOf({ expires, never }: TokenOptions): {
  expirationDate?: string | null
  userAwareTokenNeverExpires?: boolean
} {
  if (expires !== undefined && never)
    throw usageFailure(
      '--expires and --never contradict each other.',
      'A token ends or it does not.',
      'Give one of them.',
    )
  if (never) return { userAwareTokenNeverExpires: true, expirationDate: null }
  return expires === undefined ? {} : { expirationDate: timeOf(expires) }
}

/** A date, or a time with its zone, as the server takes it. @throws CliFailure for anything else. */
function timeOf(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  throw usageFailure(
    `${excerpt(text)} is no date.`,
    'A date begins at midnight UTC, and a time needs its zone.',
    'Give --expires 2027-05-21, or --expires 2027-05-21T12:00:00Z.',
  )
}
