import type { Command } from 'commander'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import {
  addOutputOptions,
  type OutputOptions,
  outputFormat,
  printHint,
  printJson,
  printRows,
  runCommand,
} from '../terminal/output.ts'
import { strangeAnswer } from '../connection/refusal.ts'
import { isJsonObject } from '../connection/token-claims.ts'
import { idOf, listAt, type Named, requireYes, textOf } from './named.ts'
import { addRotate } from './rotate.ts'
import { addSecretOptions, type SecretOptions, secretTeller } from './secret-output.ts'

const PATH = '/v2025/oauth-clients'
const OURS = '/sallyport/v1/oauth-clients'

interface ConnectionOptions extends OutputOptions {
  readonly url?: string
}
interface ClientOptions extends ConnectionOptions {
  readonly name?: string
  readonly description?: string
  readonly grant?: string[]
  readonly redirectUri?: string[]
  readonly scope?: string[]
  readonly validity?: string
  readonly refreshValidity?: string
}

const url = (command: Command): Command =>
  command.option('--url <url>', 'address of the server (SALLYPORT_URL, SAIL_BASE_URL)')
const clientOptions = (command: Command): Command =>
  command
    .option('--description <text>', 'what it is for')
    .option('--grant <type...>', 'CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH_TOKEN')
    .option('--redirect-uri <uri...>', 'where codes may go')
    .option('--scope <scope...>', 'what it is limited to')
    .option('--validity <seconds>', 'how long its access tokens live, 15 to 43200')
    .option('--refresh-validity <seconds>', 'how long its refresh tokens live, 60 to 31536000')

/** Adds `sallyport client list|show|create|edit|delete|rotate|enable|disable`. */
export function registerClient(program: Command, io: Io): void {
  const client = program.command('client').description('API clients: list, show, create, edit, delete, rotate')
  addList(client, io)
  addShow(client, io)
  addCreate(client, io)
  addEdit(client, io)
  addDelete(client, io)
  addRotate(client, io, PATH)
  addSwitch(client, io, {
    verb: 'enable',
    enabled: true,
    description: 'let it get tokens again; those from before stay dead',
  })
  addSwitch(client, io, { verb: 'disable', enabled: false, description: 'let it get no tokens, and end those it has' })
}

function addList(parent: Command, io: Io): void {
  url(addOutputOptions(parent.command('list').description('all of them'))).action((options: ConnectionOptions) =>
    runCommand(io, options, async () => {
      const format = outputFormat(options, io)
      const clients = await listAt(await connect(io, options), PATH)
      if (format === 'json') return printJson(io, clients)
      if (clients.length === 0)
        return printHint(io, 'There is none. Make one: sallyport client create NAME --grant CLIENT_CREDENTIALS')
      printRows(io, clients.map(rowOf), format)
    }),
  )
}

const rowOf = ({ id, name, type, enabled, grantTypes, lastUsed }: Named): string[] => [
  id,
  name,
  textOf(type),
  enabled === true ? 'enabled' : 'disabled',
  Array.isArray(grantTypes) ? grantTypes.join(',') : '',
  `used ${textOf(lastUsed) || 'never'}`,
]

function addShow(parent: Command, io: Io): void {
  url(addOutputOptions(parent.command('show <id-or-name>').description('one of them, in full'))).action(
    (idOrName: string, options: ConnectionOptions) =>
      runCommand(io, options, async () => {
        const format = outputFormat(options, io)
        const client = await connect(io, options)
        const answer = await client.get(`${PATH}/${await idOf(client, PATH, idOrName)}`)
        if (format === 'json' || !isJsonObject(answer)) return printJson(io, answer)
        printRows(
          io,
          Object.entries(answer).map(([member, value]) => [member, wordOf(value)]),
          format,
        )
      }),
  )
}

const wordOf = (value: unknown): string => (Array.isArray(value) ? value.join(' ') : textOf(value))

function addCreate(parent: Command, io: Io): void {
  url(clientOptions(addSecretOptions(parent.command('create <name>').description('make one'))))
    .option('--public', 'it has no secret, as an application on the machines of people')
    .action((name: string, options: ClientOptions & SecretOptions & { public?: boolean }) =>
      runCommand(io, options, async () => {
        const tell = options.public ? undefined : secretTeller(io, options)
        const { scope } = options
        const defaults = {
          description: '',
          accessTokenValiditySeconds: 750,
          grantTypes: ['CLIENT_CREDENTIALS'],
          accessType: 'OFFLINE',
          enabled: true,
        }
        const body = {
          ...defaults,
          ...saidOf(options),
          name,
          ...(scope && { scope }),
          ...(options.public && { type: 'PUBLIC' }),
        }
        const client = await connect(io, options)
        const answer = await client.post(PATH, body)
        if (!isJsonObject(answer) || typeof answer['id'] !== 'string' || typeof answer['secret'] !== 'string')
          throw strangeAnswer(`POST ${PATH}`, 'has no secret')
        if (tell) tell({ clientId: answer['id'], secret: answer['secret'], answer }, client.origin)
        else if (outputFormat(options, io) === 'json') printJson(io, answer)
        else printRows(io, [[answer['id']]], 'tsv')
      }),
    )
}

function addEdit(parent: Command, io: Io): void {
  url(clientOptions(addOutputOptions(parent.command('edit <id-or-name>').description('change what was said of one'))))
    .option('--name <name>', 'its new name')
    .action((idOrName: string, options: ClientOptions) =>
      runCommand(io, options, async () => {
        const said = { ...saidOf(options), ...(options.name !== undefined && { name: options.name }) }
        const operations = patchOf(said)
        if (operations.length === 0 && !options.scope)
          throw usageFailure(
            'There is nothing to change.',
            'No option says what.',
            'Give --name or --scope, for example.',
          )
        const client = await connect(io, options)
        const id = await idOf(client, PATH, idOrName)
        // The scope goes first: it alone can be refused for what the caller holds.
        const scoped = options.scope && (await client.patch(`${OURS}/${id}`, patchOf({ scope: options.scope })))
        const answer = operations.length > 0 ? await client.patch(`${PATH}/${id}`, operations) : scoped
        if (outputFormat(options, io) === 'json') printJson(io, answer)
        else printHint(io, `Changed ${id}.`)
      }),
    )
}

function addDelete(parent: Command, io: Io): void {
  url(addOutputOptions(parent.command('delete <id-or-name>').description('delete one, and end the tokens it obtained')))
    .option('--yes', 'do it without asking')
    .action((idOrName: string, options: ConnectionOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => {
        const client = await connect(io, options)
        const id = await idOf(client, PATH, idOrName)
        await requireYes(client, { id, isSure: options.yes === true })
        await client.delete(`${PATH}/${id}`)
        printHint(io, `Deleted ${id}.`)
      }),
    )
}

function addSwitch(
  parent: Command,
  io: Io,
  { verb, enabled, description }: { verb: 'enable' | 'disable'; enabled: boolean; description: string },
): void {
  url(addOutputOptions(parent.command(`${verb} <id-or-name>`).description(description))).action(
    (idOrName: string, options: ConnectionOptions) =>
      runCommand(io, options, async () => {
        const client = await connect(io, options)
        const id = await idOf(client, PATH, idOrName)
        await client.patch(`${PATH}/${id}`, patchOf({ enabled }))
        printHint(io, enabled ? `Enabled ${id}.` : `Disabled ${id}, and ended its tokens.`)
      }),
  )
}

const patchOf = (said: object): object[] =>
  Object.entries(said).map(([member, value]) => ({ op: 'replace', path: `/${member}`, value: value as unknown }))

const saidOf = ({ description, grant, redirectUri, validity, refreshValidity }: ClientOptions) => ({
  ...(description !== undefined && { description }),
  ...(grant && { grantTypes: grant.map((type) => type.toUpperCase()) }),
  ...(redirectUri && { redirectUris: redirectUri }),
  ...(validity !== undefined && { accessTokenValiditySeconds: Number(validity) }),
  ...(refreshValidity !== undefined && { refreshTokenValiditySeconds: Number(refreshValidity) }),
})

async function connect(io: Io, options: ConnectionOptions) {
  const { openClient } = await import('../connection/client.ts')
  return openClient(io, options)
}
