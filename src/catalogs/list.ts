import { fromStoredJson } from '../database/stored-json.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { Upstream } from './catalog.ts'
import type { CatalogReader, ReadCatalog } from './catalog-reader.ts'
import type { Catalogs } from './catalogs.ts'
import { describeCatalog, describeWithNotes } from './describe.ts'
import type { SchemeContexts } from './document/read-alternative.ts'
import type { CatalogBody, CatalogSummary } from './schemas.ts'
import { type CatalogHead, findCatalogHead, findDocument, listCatalogHeads } from './store.ts'
import { storedReading } from './stored-reading.ts'

/** The catalogs of the tenant by name, our own routes not among them. */
export async function listCatalogs({ reader }: Catalogs, ctx: RequestContext): Promise<CatalogSummary[]> {
  const summaries: CatalogSummary[] = []
  for (const head of await listCatalogHeads(ctx.db, ctx.tenantId))
    summaries.push(summaryOf(head, await readHead(ctx, reader, head)))
  return summaries
}

/** One catalog with the notes of its import. @throws DomainError `not_found` */
export async function showCatalog(catalogs: Catalogs, ctx: RequestContext, name: string): Promise<CatalogBody> {
  const head = await findCatalogHead(ctx.db, ctx.tenantId, name)
  if (!head) throw new DomainError('not_found', `There is no catalog ${name}.`)
  const read = await readHead(ctx, catalogs.reader, head)
  return describeWithNotes(summaryOf(head, read), read, catalogs.shadowed(read.operations))
}

async function readHead({ db }: RequestContext, reader: CatalogReader, head: CatalogHead): Promise<ReadCatalog> {
  const read = await reader.find(storedReading(head), () => findDocument(db, head))
  if (read) return read
  throw new DomainError('conflict', `The catalog ${head.name} is being replaced. Try again.`)
}

function summaryOf(head: CatalogHead, read: ReadCatalog): CatalogSummary {
  const { name, prefix, document_digest: digest, created_at: createdAtMs, modified_at: modifiedAtMs } = head
  const [upstream, schemes] = [fromStoredJson<Upstream>(head.upstream), fromStoredJson<SchemeContexts>(head.schemes)]
  return describeCatalog({ name, prefix, upstream, schemes }, read, { digest, createdAtMs, modifiedAtMs })
}
