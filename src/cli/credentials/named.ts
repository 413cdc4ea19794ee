import type { Client } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import { idOf as oneOf } from '../connection/records.ts'
import { strangeAnswer } from '../connection/refusal.ts'
import { isJsonObject } from '../connection/token-claims.ts'

/** Something with an id and a name, as the server lists it. */
export type Named = Readonly<Record<string, unknown>> & { readonly id: string; readonly name: string }

/** What a path lists. @throws CliFailure when the answer is no list. */
export async function listAt(client: Client, path: string): Promise<Named[]> {
  const answer = await client.get(path)
  if (Array.isArray(answer) && answer.every(isNamed)) return answer
  throw strangeAnswer(`GET ${path}`, 'is not a list')
}

const isNamed = (value: unknown): value is Named =>
  isJsonObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string'

/** The id that people mean by an id or a name. @throws CliFailure when it names none, or several. */
export async function idOf(client: Client, listPath: string, idOrName: string): Promise<string> {
  if (/^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(idOrName)) return idOrName
  return oneOf(await listAt(client, listPath), idOrName, ['name'])
}

/** Says what a deletion breaks, and refuses it until it is confirmed. @throws CliFailure without `--yes`. */
export async function requireYes(client: Client, { id, isSure }: { id: string; isSure: boolean }): Promise<void> {
  if (isSure) return
  const impact = await client.get(`/sallyport/v1/credentials/${id}/impact`)
  const summary = isJsonObject(impact) && typeof impact['summary'] === 'string' ? impact['summary'] : ''
  throw usageFailure(
    `Deleting ${id} ends it for good, with the tokens it obtained.`,
    summary,
    'Give --yes if you mean it.',
  )
}

/** A plain value as a word; empty for null and what is not plain. */
export const textOf = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? `${value as string | number | boolean}` : ''
