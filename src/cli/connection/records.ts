import { excerpt } from '../../config/printable.ts'
import type { Client } from './client.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { strangeAnswer } from './refusal.ts'
import { isJsonObject } from './token-claims.ts'

/** Something the server manages, as it answers it. A newer server may say more of it. */
export type ManagedRecord = Readonly<Record<string, unknown>>

const PAGE = 250

/** Everything that a collection holds, page by page. */
export async function listAll(get: Client['get'], path: string, perPage = PAGE): Promise<ManagedRecord[]> {
  const all: ManagedRecord[] = []
  for (;;) {
    const separator = path.includes('?') ? '&' : '?'
    const page = asRecords(await get(`${path}${separator}limit=${perPage}&offset=${all.length}`), path)
    all.push(...page)
    if (page.length < perPage) return all
  }
}

/** Takes an answer for a list. @throws CliFailure when it is something else. */
export function asRecords(answer: unknown, path: string): ManagedRecord[] {
  if (Array.isArray(answer) && answer.every(isJsonObject)) return answer
  throw strangeAnswer(`GET ${path}`, 'is no list')
}

/** Takes an answer for one thing. @throws CliFailure when it is something else. */
export function asRecord(answer: unknown, request: string): ManagedRecord {
  if (isJsonObject(answer)) return answer
  throw strangeAnswer(request, 'is no object')
}

/** Prints a list: these members of each, a line each; `nothing` is said of an empty one. */
export function printRecords(
  io: Io,
  records: readonly ManagedRecord[],
  { columns, format, nothing }: { columns: readonly string[]; format: OutputFormat; nothing: string },
): void {
  if (format === 'json') return printJson(io, records)
  if (records.length === 0) return printHint(io, nothing)
  return printRows(
    io,
    records.map((record) => columns.map((column) => textOf(record[column]))),
    format,
  )
}

/** Prints one thing, a line for each of its members. */
export function printRecord(io: Io, record: ManagedRecord, format: OutputFormat): void {
  if (format === 'json') printJson(io, record)
  else
    printRows(
      io,
      Object.entries(record).map(([name, value]) => [name, textOf(value)]),
      format,
    )
}

/** Says what was done, to people; as JSON, prints what came back of it. */
export function printDone(io: Io, answer: unknown, { words, format }: { words: string; format: OutputFormat }): void {
  if (format === 'json' && answer !== undefined) printJson(io, answer)
  else printHint(io, words)
}

/**
 * The id of the one that is meant by an id or a name.
 * @throws CliFailure when there is none, or several of that name.
 */
export function idOf(records: readonly ManagedRecord[], wanted: string, names: readonly string[]): string {
  const found = records.filter((record) => ['id', ...names].some((name) => record[name] === wanted))
  const [first, second] = found
  if (first && !second) return textOf(first['id'])
  if (first) {
    const ids = found.map(({ id }) => textOf(id)).join(', ')
    throw usageFailure(`Several are named ${excerpt(wanted)}.`, `Their ids are ${ids}.`, 'Give the id.')
  }
  throw new CliFailure({
    exit: 'notFound',
    code: 'name.unknown',
    what: `There is none with the id or name ${excerpt(wanted)}.`,
    why: 'Upper and lower case are told apart, and spaces count.',
    fix: 'The list has all ids and names.',
  })
}

/** A value in one cell. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  if (Array.isArray(value)) return value.map(textOf).join(' ') || '-'
  if (isJsonObject(value)) return textOf(value['name'] ?? value['displayName'] ?? value['id'])
  return typeof value === 'string' ? value : JSON.stringify(value)
}
