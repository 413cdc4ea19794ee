import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defaultTimeouts, type Upstream } from '../catalogs/catalog.ts'
import { CatalogReader } from '../catalogs/catalog-reader.ts'
import { type CatalogInput, readingOf } from '../catalogs/import.ts'
import { DomainError, OperatorError } from '../errors.ts'
import { mistakesError, type ParsedTenantFile, parseTenantFile } from './read.ts'
import type { CatalogEntry } from './schema.ts'
import { resolveSecrets, type SecretHolder, type SecretReaders } from './secrets.ts'
import type { Mistake } from './shape.ts'

/** A tenant file with all that it refers to, read and checked: nothing of it is applied yet. */
export interface PreparedTenantFile {
  readonly parsed: ParsedTenantFile
  readonly secrets: ReadonlyMap<SecretHolder, string>
  readonly catalogs: readonly CatalogInput[]
  /** It has read the documents of all catalogs. */
  readonly catalogReader: CatalogReader
}

/**
 * Reads a tenant file, its secrets and its documents.
 * @throws OperatorError with every mistake and its line, before anything was changed.
 */
export function prepareTenantFile(path: string, readers: SecretReaders): PreparedTenantFile {
  const parsed = parseTenantFile(readText(path), path)
  const secrets = resolveSecrets(parsed, readers)
  const catalogReader = new CatalogReader()
  const catalogs = readCatalogs(parsed, { directory: dirname(resolve(path)), reader: catalogReader })
  return { parsed, secrets, catalogs, catalogReader }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OperatorError(`${path} cannot be read. Check the name and the permissions of the tenant file.`, {
      cause: error,
    })
  }
}

interface Reading {
  /** That of the tenant file. */
  readonly directory: string
  readonly reader: CatalogReader
}

function readCatalogs(parsed: ParsedTenantFile, reading: Reading): CatalogInput[] {
  const mistakes: Mistake[] = []
  const inputs = (parsed.contents.catalogs ?? []).flatMap((entry, index) => {
    const read = readCatalog(entry, reading)
    if (typeof read !== 'string') return [read]
    mistakes.push({ path: ['catalogs', index, 'file'], message: read })
    return []
  })
  if (mistakes.length > 0) throw mistakesError(parsed.fileName, parsed.lineOf, mistakes)
  return inputs
}

/** The catalog, or what is wrong with its document. */
function readCatalog(entry: CatalogEntry, { directory, reader }: Reading): CatalogInput | string {
  const { name, file, prefix = '', schemes = {} } = entry
  try {
    const document = readFileSync(resolve(directory, file))
    const input = { name, prefix, schemes, document, upstream: upstreamOf(entry, directory) }
    reader.read(readingOf(input), document, file)
    return input
  } catch (error) {
    if (error instanceof DomainError) return error.message
    return `${file} cannot be read; check the name, relative to the tenant file, and the permissions`
  }
}

function upstreamOf({ upstream, sampleFaults = [] }: CatalogEntry, directory: string): Upstream {
  if (upstream === 'sample') return { kind: 'sample', ...(sampleFaults.length > 0 && { faults: sampleFaults }) }
  if (typeof upstream === 'string') return { kind: 'http', url: upstream, timeouts: defaultTimeouts }
  const { url, caFile, timeouts } = upstream
  return {
    kind: 'http',
    url,
    ...(caFile !== undefined && { caFile: resolve(directory, caFile) }),
    timeouts: { ...defaultTimeouts, ...timeouts },
  }
}
