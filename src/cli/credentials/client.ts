import type { Command } from 'commander'
import { type AskOptions, asking, openServer, signIn } from '../connection/asking.ts'
import { asRecord, printDone, printRecord } from '../connection/records.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printJson, printLines, runCommand } from '../terminal/output.ts'
import { idOf, type Named, textOf } from './named.ts'
import { addRotate } from './rotate.ts'
import { addSecretOptions, type SecretOptions, secretTeller, toldIn } from './secret-output.ts'
import { addDelete, nothingToChange, patchOf, printListed, secondsIn } from './shared-verbs.ts'

const PATH = '/v2025/oauth-clients'
const OURS = '/sallyport/v1/oauth-clients'
const NOTHING = 'There is none. Make one: sallyport client create NAME --grant CLIENT_CREDENTIALS'

interface ClientOptions extends AskOptions {
  readonly name?: string
  readonly description?: string
  readonly grant?: string[]
  readonly redirectUri?: string[]
  readonly scope?: string[]
  readonly validity?: string
  readonly refreshValidity?: string
}

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
  addDelete(client, io, { path: PATH, listPath: PATH })
  addRotate(client, io, PATH)
  addSwitch(client, io, {
    verb: 'enable',
    enabled: true,
    description: 'let it get tokens again; those from before stay dead',
  })
  addSwitch(client, io, { verb: 'disable', enabled: false, description: 'let it get no tokens, and end those it has' })
}

function addList(parent: Command, io: Io): void {
  asking(parent.command('list').description('all of them')).action((options: AskOptions) =>
    runCommand(io, options, () => printListed(io, options, { path: PATH, rowOf, nothing: NOTHING })),
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
  asking(parent.command('show <id-or-name>').description('one of them, in full')).action(
    (idOrName: string, options: AskOptions) =>
      runCommand(io, options, async () => {
        const { client, format } = await openServer(io, options)
        const path = `${PATH}/${await idOf(client, PATH, idOrName)}`
        printRecord(io, asRecord(await client.get(path), `GET ${path}`), format)
      }),
  )
}

function addCreate(parent: Command, io: Io): void {
  clientOptions(addSecretOptions(parent.command('create <name>').description('make one')))
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
        const client = await signIn(io, options)
        const answer = await client.post(PATH, body)
        const told = toldIn(answer, `POST ${PATH}`)
        if (tell) tell(told, client.origin)
        else if (outputFormat(options, io) === 'json') printJson(io, answer)
        else printLines(io, told.clientId)
      }),
    )
}

function addEdit(parent: Command, io: Io): void {
  clientOptions(asking(parent.command('edit <id-or-name>').description('change what was said of one')))
    .option('--name <name>', 'its new name')
    .action((idOrName: string, options: ClientOptions) =>
      runCommand(io, options, async () => {
        const said = { ...saidOf(options), ...(options.name !== undefined && { name: options.name }) }
        const operations = patchOf(said, 'replace')
        if (operations.length === 0 && !options.scope) throw nothingToChange('--name or --scope')
        const { client, format } = await openServer(io, options)
        const id = await idOf(client, PATH, idOrName)
        // The scope goes first: it alone can be refused for what the caller holds.
        const scoped =
          options.scope && (await client.patch(`${OURS}/${id}`, patchOf({ scope: options.scope }, 'replace')))
        const answer = operations.length > 0 ? await client.patch(`${PATH}/${id}`, operations) : scoped
        printDone(io, answer, { words: `Changed ${id}.`, format })
      }),
    )
}

function addSwitch(
  parent: Command,
  io: Io,
  { verb, enabled, description }: { verb: 'enable' | 'disable'; enabled: boolean; description: string },
): void {
  asking(parent.command(`${verb} <id-or-name>`).description(description)).action(
    (idOrName: string, options: AskOptions) =>
      runCommand(io, options, async () => {
        const { client, format } = await openServer(io, options)
        const id = await idOf(client, PATH, idOrName)
        const answer = await client.patch(`${PATH}/${id}`, patchOf({ enabled }, 'replace'))
        printDone(io, answer, { words: enabled ? `Enabled ${id}.` : `Disabled ${id}, and ended its tokens.`, format })
      }),
  )
}

const saidOf = ({ description, grant, redirectUri, validity, refreshValidity }: ClientOptions) => ({
  ...(description !== undefined && { description }),
  ...(grant && { grantTypes: grant.map((type) => type.toUpperCase()) }),
  ...(redirectUri && { redirectUris: redirectUri }),
  ...(validity !== undefined && { accessTokenValiditySeconds: secondsIn(validity, '--validity') }),
  ...(refreshValidity !== undefined && {
    refreshTokenValiditySeconds: secondsIn(refreshValidity, '--refresh-validity'),
  }),
})
