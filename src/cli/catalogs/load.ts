import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { SchemeContext } from '../../catalogs/document/read-alternative.ts'
import { excerpt } from '../../config/printable.ts'
import { openClient } from '../connection/client.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { AskOptions } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { asCatalog } from './answer.ts'
import { CATALOGS, rowsOf } from './read.ts'

export type CatalogName = string

/** How a document is to be taken. */
export interface LoadOptions extends AskOptions {
  readonly prefix?: string
  readonly upstream?: string
  readonly scheme?: string[]
  readonly sampleFaults?: string
  readonly dryRun?: boolean
}

/** Sends a document as a new catalog, or in place of one, and tells what came of it. */
export async function load(
  io: Io,
  { verb, name, file }: { verb: 'import' | 'replace'; name: CatalogName; file: string },
  options: LoadOptions,
): Promise<void> {
  const format = outputFormat(options, io)
  const query = queryOf(options)
  if (verb === 'import') query.set('name', name)
  const body = await readBytes(io, file)
  const client = await openClient(io, options)
  const path = verb === 'import' ? CATALOGS : `${CATALOGS}/${name}`
  const catalog = asCatalog(
    await client.send({
      method: verb === 'import' ? 'POST' : 'PUT',
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      body,
      contentType: 'application/octet-stream',
    }),
  )
  if (format === 'json') printJson(io, catalog)
  else printRows(io, rowsOf(catalog), format)
  if (options.dryRun) printHint(io, 'Nothing was changed: this was a dry run.')
}

function queryOf({ prefix, upstream, scheme, sampleFaults, dryRun }: LoadOptions): URLSearchParams {
  const query = new URLSearchParams()
  if (prefix !== undefined) query.set('prefix', prefix)
  if (upstream !== undefined) query.set('upstream', upstream)
  if (scheme !== undefined)
    query.set(
      'schemes',
      parseSchemes(scheme)
        .map((pair) => pair.join(':'))
        .join(','),
    )
  if (sampleFaults !== undefined) query.set('sampleFaults', sampleFaults)
  if (dryRun) query.set('dryRun', 'true')
  return query
}

/** @throws CliFailure where one is not `name=user`, `name=application` or `name=any`. */
export function parseSchemes(texts: readonly string[]): (readonly [string, SchemeContext])[] {
  return texts.map((text) => {
    const [, name = '', context] = /^([A-Za-z0-9._-]{1,100})=(user|application|any)$/.exec(text) ?? []
    if (context === 'user' || context === 'application' || context === 'any') return [name, context]
    const why = 'It must say which scheme of the document stands for whose tokens.'
    throw usageFailure(`${excerpt(text)} maps no scheme.`, why, 'For example: --scheme bearerAuth=user')
  })
}

/** @throws CliFailure for a file that cannot be read. */
export async function readBytes(io: Io, file: string): Promise<Buffer> {
  if (file === '-') return buffer(io.stdin)
  try {
    return readFileSync(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    const story = {
      exit: 'usage',
      code: 'file.unreadable',
      what: `${excerpt(file)} cannot be read (${code}).`,
      why: code === 'ENOENT' ? 'There is no such file.' : 'The machine refused to read it.',
      fix: 'Check the name and the permissions of the file.',
    } as const
    throw new CliFailure(story, { cause })
  }
}
