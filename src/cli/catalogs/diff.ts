import { existsSync } from 'node:fs'
import type { SchemeContexts } from '../../catalogs/document/read-alternative.ts'
import { readDocument } from '../../catalogs/document/read-document.ts'
import { readOperations } from '../../catalogs/document/read-operations.ts'
import { type Difference, diffRows } from '../../matrix/diff.ts'
import { type MatrixRow, matrixRow } from '../../matrix/row.ts'
import { type Client, openClient } from '../connection/client.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import type { AskOptions } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { asCatalog } from './answer.ts'
import { parseSchemes, readBytes } from './load.ts'
import { CATALOGS } from './read.ts'
import { asRows } from './rows.ts'

export interface DiffOptions extends AskOptions {
  readonly breaking?: boolean
  readonly scheme?: string[]
}

/** Prints what two catalogs or documents demand differently; the exit code is 10 when that is anything. */
export async function diff(io: Io, pair: { before: string; after: string }, options: DiffOptions): Promise<void> {
  const format = outputFormat(options, io)
  const given = Object.fromEntries(parseSchemes(options.scheme ?? []))
  const server = once(() => openClient(io, options))
  const named = await Promise.all([pair.before, pair.after].map((text) => fetchNamed(server, text)))
  // A document that is to replace a catalog is taken as the catalog takes it.
  const schemes = { ...named[0]?.schemes, ...named[1]?.schemes, ...given }
  const rowsOf = async (at: 0 | 1, text: string) =>
    named[at]?.rows ?? rowsOfFile(await readBytes(io, text), text, schemes)
  const [before, after] = [await rowsOf(0, pair.before), await rowsOf(1, pair.after)]
  const found = diffRows(before, after).filter(({ breaking }) => breaking || !options.breaking)
  if (format === 'json') printJson(io, found)
  else printRows(io, found.map(rowOf), format)
  if (found.length === 0) printHint(io, options.breaking ? 'Nothing breaks.' : 'They demand the same.')
  io.setExitCode(found.length === 0 ? exitCodes.ok : exitCodes.no)
}

const rowOf = ({ method, path, kind, breaking, changes }: Difference): string[] => [
  breaking ? 'breaking' : '-',
  method,
  path,
  kind === 'changed' ? changes.map(({ message }) => message).join('; ') : kind,
]

interface Named {
  readonly rows: MatrixRow[]
  readonly schemes: SchemeContexts
}

/** What is the name of a file is that file. */
async function fetchNamed(server: () => Promise<Client>, text: string): Promise<Named | undefined> {
  if (existsSync(text) || /[/\\]/.test(text)) return undefined
  const client = await server()
  const name = encodeURIComponent(text)
  const { prefix, schemes } = asCatalog(await client.get(`${CATALOGS}/${name}`))
  const rows = asRows(await client.get(`/sallyport/v1/access-matrix?catalog=${name}`))
  return { schemes, rows: rows.map((row) => ({ ...row, path: row.path.slice(prefix.length) || '/' })) }
}

function rowsOfFile(bytes: Buffer, file: string, schemes: SchemeContexts): MatrixRow[] {
  const document = readDocument(bytes, file)
  return readOperations(document, { catalog: file, prefix: '', schemes }).operations.map(matrixRow)
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
