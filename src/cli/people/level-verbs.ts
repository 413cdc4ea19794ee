import { type Client, openClient } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { changeLevels } from './change-levels.ts'
import type { AskOptions } from '../connection/asking.ts'
import { replacing } from './replacing.ts'
import { requireYes } from '../terminal/confirm.ts'
import { asRecord, asRecords, idOf, listAll, printDone, printRecord, printRecords } from '../connection/records.ts'
import { outputFormat, printHint } from '../terminal/output.ts'
import { decodeToken, textClaim } from '../connection/token-claims.ts'

const LEVELS = '/v2025/authorization/custom-user-levels'
const RIGHT_SETS = '/v2025/authorization/authorization-assignable-right-sets'
const PER_PAGE = 50

/** What is said of a level. */
export interface LevelFlags {
  readonly name?: string
  readonly description?: string
  readonly rightSet?: string[]
}

/** Lists the levels that are not built in. */
export async function list(io: Io, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const levels = await listAll((await openLevels(io, options)).get, LEVELS, PER_PAGE)
  const columns = ['id', 'name', 'status', 'owner', 'description']
  printRecords(io, levels, { columns, format, nothing: 'There is no custom user level.' })
}

/** Lists what levels are made of. */
export async function listRightSets(io: Io, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const sets = asRecords(await (await openLevels(io, options)).get(RIGHT_SETS), RIGHT_SETS)
  const all = sets.flatMap((set) => [set, ...asRecords(set['children'], RIGHT_SETS)])
  const columns = ['id', 'name', 'category', 'description']
  printRecords(io, format === 'json' ? sets : all, { columns, format, nothing: 'There is no right set.' })
}

/** Prints one level. */
export async function show(io: Io, wanted: string, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const client = await openLevels(io, options)
  const path = `${LEVELS}/${await find(client, wanted)}`
  printRecord(io, asRecord(await client.get(path), `GET ${path}`), format)
}

/** Makes a draft, owned by whoever makes it. */
export async function create(io: Io, name: string, options: AskOptions & LevelFlags): Promise<void> {
  const format = outputFormat(options, io)
  const client = await openLevels(io, options)
  const { description = name, rightSet = [] } = options
  const body = { name, description, owner: { id: ownIdentity(client) }, rightSets: rightSet }
  printRecord(io, asRecord(await client.post(LEVELS, body), `POST ${LEVELS}`), format)
}

/** Changes what is given, and nothing else. */
export async function edit(io: Io, wanted: string, options: AskOptions & LevelFlags): Promise<void> {
  const format = outputFormat(options, io)
  const { name, description, rightSet } = options
  const patch = replacing({ name, description, rightSets: rightSet })
  if (patch.length === 0)
    throw usageFailure('Nothing is to be changed.', 'No flag says what.', 'Give --name, --description or --right-set.')
  const client = await openLevels(io, options)
  const path = `${LEVELS}/${await find(client, wanted)}`
  printRecord(io, asRecord(await client.patch(path, patch), `PATCH ${path}`), format)
}

/** Makes a draft assignable. */
export async function publish(io: Io, wanted: string, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const client = await openLevels(io, options)
  const answer = await client.post(`${LEVELS}/${await find(client, wanted)}/publish`, {})
  printDone(io, answer, { words: `The user level ${wanted} is published.`, format })
}

/** Deletes a level. */
export async function remove(io: Io, wanted: string, options: AskOptions & { yes?: boolean }): Promise<void> {
  requireYes(options, `The user level ${wanted} cannot be brought back.`)
  const client = await openLevels(io, options)
  await client.delete(`${LEVELS}/${await find(client, wanted)}`)
  printHint(io, `The user level ${wanted} is deleted.`)
}

/** Gives a level to somebody. */
export async function assign(
  io: Io,
  { wanted, identity }: { wanted: string; identity: string },
  options: AskOptions,
): Promise<void> {
  const id = await find(await openLevels(io, options), wanted)
  await changeLevels(io, { verb: 'grant', wanted: identity, levels: [id] }, options)
}

/** A client that says that it knows these operations to be experimental. */
const openLevels = (io: Io, options: AskOptions): Promise<Client> =>
  openClient(io, options, { 'x-sailpoint-experimental': 'true' })

async function find(client: Client, wanted: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/.test(wanted)) return wanted
  return idOf(await listAll(client.get, LEVELS, PER_PAGE), wanted, ['name'])
}

function ownIdentity({ token }: Client): string {
  const id = textClaim(decodeToken(token)?.claims ?? {}, 'identity_id')
  if (id !== undefined) return id
  const why = 'A level has an owner, and the token in use stands for nobody.'
  throw usageFailure('Whose level shall it be?', why, 'Use a personal access token.')
}
