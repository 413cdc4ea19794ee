import { text } from 'node:stream/consumers'
import { type Client, openClient } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { findIdentity, IDENTITIES } from './find-identity.ts'
import { type AskOptions, openServer } from '../connection/asking.ts'
import { requireYes } from '../terminal/confirm.ts'
import { asRecord, listAll, type ManagedRecord, printDone, printRecord, printRecords } from '../connection/records.ts'
import { outputFormat, printHint } from '../terminal/output.ts'

const ISC_IDENTITIES = '/v2025/identities'
const EXPERIMENTAL = { 'x-sailpoint-experimental': 'true' }

/** What is said of an identity. */
export interface IdentityFlags {
  readonly displayName?: string
  readonly email?: string
  readonly level?: string[]
  readonly machine?: boolean
  readonly invite?: boolean
}

/** Lists identities, all or those that a filter finds. */
export async function list(io: Io, options: AskOptions & { filters?: string }): Promise<void> {
  const format = outputFormat(options, io)
  const query = options.filters === undefined ? '' : `?filters=${encodeURIComponent(options.filters)}`
  const identities = await listAll((await openClient(io, options)).get, `${IDENTITIES}${query}`)
  const columns = ['id', 'alias', 'displayName', 'kind', 'enabled', 'userLevels', 'email']
  printRecords(io, identities, { columns, format, nothing: 'No identity matches.' })
}

/** Prints one identity. */
export async function show(io: Io, wanted: string, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const client = await openClient(io, options)
  printRecord(io, await read(client, await findIdentity(client, wanted)), format)
}

/** Creates a person or a machine. */
export async function create(io: Io, alias: string, options: AskOptions & IdentityFlags): Promise<void> {
  const format = outputFormat(options, io)
  const { displayName, email, level, machine = false, invite = false } = options
  const client = await openClient(io, options)
  const body = {
    alias,
    ...(displayName !== undefined && { displayName }),
    ...(email !== undefined && { email }),
    ...(level && { userLevels: level }),
    kind: machine ? 'MACHINE' : 'HUMAN',
    ...(invite && { invite }),
  }
  printRecord(io, asRecord(await client.post(IDENTITIES, body), `POST ${IDENTITIES}`), format)
}

const doneWords = {
  enable: 'is enabled',
  disable: 'is disabled: its sessions and tokens have ended',
  unlock: 'may try passwords again',
  invite: 'gets a mail with a link to choose a password by',
} as const

/** Does what takes no more than a verb. */
export async function act(
  io: Io,
  { verb, wanted }: { verb: keyof typeof doneWords; wanted: string },
  options: AskOptions,
): Promise<void> {
  const { client, format } = await openServer(io, options)
  const answer = await client.post(`${IDENTITIES}/${await findIdentity(client, wanted)}/${verb}`, {})
  printDone(io, answer, { words: `${wanted} ${doneWords[verb]}.`, format })
}

/** Gives somebody the password that standard input holds, in its first line. */
export async function setPassword(io: Io, wanted: string, options: AskOptions): Promise<void> {
  if (io.stdin.isTTY)
    throw usageFailure(
      'A password is read from standard input.',
      'Typed here it would be seen, and as an argument it would stay in the history of the shell.',
      'For example: sallyport identity set-password eve < password.txt',
    )
  const [password = ''] = (await text(io.stdin as AsyncIterable<Uint8Array>)).split(/\r?\n/, 1)
  if (password === '')
    throw usageFailure(
      'There is no password on standard input.',
      'Its first line is the password, and that is empty.',
      'For example: sallyport identity set-password eve < password.txt',
    )
  const client = await openClient(io, options)
  const path = `${IDENTITIES}/${await findIdentity(client, wanted)}/password`
  await client.send({ method: 'PUT', path, body: { password } })
  printHint(io, `${wanted} has a new password; sessions and tokens of the old one have ended.`)
}

/** Mails somebody a link to choose a new password by, good for two hours. */
export async function mailLink(io: Io, wanted: string, options: AskOptions): Promise<void> {
  const client = await openClient(io, options, EXPERIMENTAL)
  const path = `${ISC_IDENTITIES}/${await findIdentity(client, wanted)}/verification/account/send`
  await client.post(path, { via: 'LINK_WORK' })
  printHint(io, `${wanted} gets a mail with a link to choose a new password by, good for two hours.`)
}

/** Has every node read identities afresh. */
export async function refresh(io: Io, wanted: readonly string[], options: AskOptions): Promise<void> {
  const client = await openClient(io, options, EXPERIMENTAL)
  const identityIds = []
  for (const each of wanted) identityIds.push(await findIdentity(client, each))
  await client.post(`${ISC_IDENTITIES}/process`, { identityIds })
  printHint(io, `Every node reads ${wanted.join(', ')} afresh.`)
}

/** Makes an identity as it was before it first signed in. */
export async function reset(io: Io, wanted: string, options: AskOptions & { yes?: boolean }): Promise<void> {
  requireYes(
    options,
    `${wanted} loses its password, all user levels and whatever it is signed in to; personal access tokens stay.`,
  )
  const client = await openClient(io, options)
  await client.post(`${ISC_IDENTITIES}/${await findIdentity(client, wanted)}/reset`, {})
  printHint(io, `${wanted} has no password and no user level any more, and its sessions and tokens have ended.`)
}

/** Deletes an identity. */
export async function remove(io: Io, wanted: string, options: AskOptions & { yes?: boolean }): Promise<void> {
  requireYes(
    options,
    `Whatever acts as ${wanted} stops working at once. See what that is: sallyport succession report ${wanted}`,
  )
  const client = await openClient(io, options)
  const id = await findIdentity(client, wanted)
  await client.delete(`${ISC_IDENTITIES}/${id}`)
  printHint(io, `The identity ${id} is deleted.`)
}

const read = async (client: Client, id: string): Promise<ManagedRecord> =>
  asRecord(await client.get(`${IDENTITIES}/${id}`), `GET ${IDENTITIES}/${id}`)
