import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { usageFailure } from '../terminal/failure.ts'
import { idOf } from './named.ts'
import { type AskOptions, asking, openServer } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows, runCommand } from '../terminal/output.ts'

const OFFERS = '/sallyport/v1/succession-offers'
const OWN_TOKENS = '/v2025/personal-access-tokens?owner-id=me'

interface SuccessionOptions extends AskOptions {
  readonly overlapDays?: string
  readonly secretFile?: string
}

interface Report {
  summary: string
  tokens: { id: string; name: string; calls: number; lastCallAt: string | null; neededUserLevels: string[] }[]
  signedInClients: { clientId: string; sessions: number }[]
}

interface Offer {
  id: string
  credentialId: string
  ownerId: string
  successorId: string
  expiresAt: string
}

interface Accepted {
  clientId: string
  clientSecret: string
  oldSecretUntil: string | null
}

/** Adds `sallyport succession`: what breaks when somebody leaves, and giving tokens to somebody who stays. */
export function registerSuccession(program: Command, io: Io): void {
  const command = program
    .command('succession')
    .description('what breaks when somebody leaves, and giving personal access tokens to somebody who stays')
  const add = (
    usage: string,
    description: string,
    run: (options: SuccessionOptions, ids: string[]) => Promise<void>,
  ) => {
    const sub = command.command(usage).description(description)
    asking(sub).action((...given: unknown[]) => {
      const ids = given.filter((each) => typeof each === 'string')
      const options = given[ids.length] as SuccessionOptions
      return runCommand(io, options, () => run(options, ids))
    })
    return sub
  }
  add('report <identity>', 'what breaks when this identity leaves', (options, ids) => report(io, options, ids))
  add('list', 'open offers from or to you; as an ORG_ADMIN all', (options) => list(io, options))
  add(
    'offer <token> <successor>',
    'offer a token, by id or name, to another identity, by id or alias',
    (options, ids) => offer(io, options, ids),
  ).option('--overlap-days <days>', 'how long the old secret goes on working: 0 to 7, 7 if left out')
  add('accept <offer-id>', 'take a token over; its new secret is shown once', (options, ids) =>
    accept(io, options, ids),
  ).option('--secret-file <file>', 'write the secret to a new file (0600) that only you can read')
  add('decline <offer-id>', 'decline an offer', async (options, [id = '']) => {
    const { client } = await openServer(io, options)
    await client.send({ method: 'POST', path: `${OFFERS}/${encodeURIComponent(id)}/decline` })
    printHint(io, 'Declined.')
  })
  add('withdraw <offer-id>', 'withdraw an offer', async (options, [id = '']) => {
    const { client } = await openServer(io, options)
    await client.delete(`${OFFERS}/${encodeURIComponent(id)}`)
    printHint(io, 'Withdrawn.')
  })
}

async function report(io: Io, options: SuccessionOptions, [wanted = '']: string[]): Promise<void> {
  const { client, format } = await openServer(io, options)
  const { findIdentity, IDENTITIES } = await import('../people/find-identity.ts')
  const found = (await client.get(`${IDENTITIES}/${await findIdentity(client, wanted)}/succession`)) as Report
  if (format === 'json') return printJson(io, found)
  printHint(io, found.summary)
  const rows = found.tokens.map((token) => [
    token.id,
    token.name,
    `${token.calls} calls`,
    token.lastCallAt ?? 'never',
    token.neededUserLevels.join(' ') || '-',
  ])
  const clients = found.signedInClients.map(({ clientId, sessions }) => [
    clientId,
    'signed in',
    `${sessions} times`,
    '-',
    '-',
  ])
  return printRows(io, [...rows, ...clients], format)
}

async function list(io: Io, options: SuccessionOptions): Promise<void> {
  const { client, format } = await openServer(io, options)
  const offers = (await client.get(OFFERS)) as Offer[]
  if (format === 'json') return printJson(io, offers)
  if (offers.length === 0) return printHint(io, 'No offer is open.')
  return printRows(io, offers.map(cellsOf), format)
}

const cellsOf = (each: Offer): string[] => [each.id, each.credentialId, each.ownerId, each.successorId, each.expiresAt]

async function offer(io: Io, options: SuccessionOptions, [token = '', successor = '']: string[]): Promise<void> {
  const { overlapDays } = options
  if (overlapDays !== undefined && !/^[0-7]$/.test(overlapDays))
    throw usageFailure(
      'That is no number of days.',
      'An old secret lives on for 0 to 7 days.',
      'Give --overlap-days 2.',
    )
  const { client, format } = await openServer(io, options)
  const { findIdentity } = await import('../people/find-identity.ts')
  const body = {
    credentialId: await idOf(client, OWN_TOKENS, token),
    successorId: await findIdentity(client, successor),
    ...(overlapDays !== undefined && { overlapDays: Number(overlapDays) }),
  }
  const made = (await client.post(OFFERS, body)) as Offer
  if (format === 'json') printJson(io, made)
  else printRows(io, [cellsOf(made)], format)
  printHint(io, `The successor accepts with: sallyport succession accept ${made.id}`)
}

/** Where the secret goes is settled before it is made: it cannot be shown again. */
async function accept(io: Io, options: SuccessionOptions, [id = '']: string[]): Promise<void> {
  const format = outputFormat(options, io)
  const { secretFile } = options
  if (secretFile === undefined && format !== 'json' && !io.isTty)
    throw usageFailure(
      'The secret would be printed where others may read it.',
      'Standard output is not a terminal.',
      'Give --secret-file FILE, or --json if you take the secret from there.',
    )
  if (secretFile !== undefined) writeFileSync(secretFile, '', { mode: 0o600, flag: 'wx' })
  const { client } = await openServer(io, options)
  const accepted = (await client.send({
    method: 'POST',
    path: `${OFFERS}/${encodeURIComponent(id)}/accept`,
  })) as Accepted
  if (secretFile !== undefined) writeFileSync(secretFile, `${accepted.clientSecret}\n`)
  const { clientSecret, ...rest } = accepted
  if (format === 'json') printJson(io, secretFile === undefined ? accepted : rest)
  else printRows(io, [[accepted.clientId, ...(secretFile === undefined ? [clientSecret] : [])]], format)
  printHint(
    io,
    `The old secret ${accepted.oldSecretUntil ? `works until ${accepted.oldSecretUntil}` : 'works no longer'}.`,
  )
}
