import { openClient } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { AskOptions } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { asCatalog, asCatalogs, type CatalogSummary, upstreamOf, type WholeCatalog } from './answer.ts'

export const CATALOGS = '/sallyport/v1/catalogs'

/** Lists the catalogs of the tenant, a line each. */
export async function list(io: Io, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const catalogs = asCatalogs(await (await openClient(io, options)).get(CATALOGS))
  if (format === 'json') return printJson(io, catalogs)
  if (catalogs.length === 0) printHint(io, 'No catalog is loaded.')
  printRows(io, catalogs.map(rowOf), format)
}

const rowOf = (catalog: CatalogSummary): string[] => [
  catalog.name,
  catalog.prefix || '-',
  upstreamOf(catalog),
  `${catalog.operations} operations`,
  catalog.modifiedAt ?? '-',
]

/** Prints one catalog with its notes. */
export async function show(io: Io, name: string, options: AskOptions): Promise<void> {
  const format = outputFormat(options, io)
  const catalog = asCatalog(await (await openClient(io, options)).get(`${CATALOGS}/${name}`))
  if (format === 'json') printJson(io, catalog)
  else printRows(io, rowsOf(catalog), format)
}

/** What there is to say of a catalog, a line for each. */
export function rowsOf(catalog: WholeCatalog): string[][] {
  const { name, prefix, operations, assumed, unusable, modifiedAt, notes } = catalog
  return [
    ['name', name],
    ['prefix', prefix || '-'],
    ['upstream', upstreamOf(catalog)],
    ['operations', String(operations)],
    ['assumed', String(assumed)],
    ['unusable', String(unusable)],
    ['modified', modifiedAt ?? '-'],
    ...notes.map(({ kind, pointer, message }) => ['note', `${kind} ${pointer}: ${message}`]),
  ]
}

/** Removes a catalog; asks for `--yes`, because every request to it is refused from then on. */
export async function remove(io: Io, name: string, options: AskOptions & { readonly yes?: boolean }): Promise<void> {
  if (!options.yes)
    throw usageFailure(
      `Nothing was removed.`,
      `Every request to an operation of ${name} will be answered 404.`,
      `If that is what you want: sallyport catalog remove ${name} --yes`,
    )
  await (await openClient(io, options)).delete(`${CATALOGS}/${name}`)
  printHint(io, `The catalog ${name} is removed.`)
}
