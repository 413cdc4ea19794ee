import { findConflicts } from '../access/operation-index.ts'
import type { Operation } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Database, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { Upstream } from './catalog.ts'
import type { CatalogReader } from './catalog-reader.ts'
import { type CatalogReading, digestOf } from './catalog-reading.ts'
import { CATALOGS } from './catalogs.ts'
import type { ImportNote } from './document/import-note.ts'
import type { SchemeContexts } from './document/read-alternative.ts'
import {
  type CatalogHead,
  findDocument,
  listCatalogHeads,
  lockCatalogs,
  upsertCatalogRow,
  upsertScopeGrant,
} from './store.ts'
import { storedReading } from './stored-reading.ts'

/** A document and how it is taken as a catalog. */
export interface CatalogInput {
  readonly name: string
  /** The document as it came: YAML or JSON, gzipped or not. */
  readonly document: Buffer
  readonly prefix: string
  readonly upstream: Upstream
  readonly schemes: SchemeContexts
}

/** What an import took and what it could not take. */
export interface ImportReport {
  readonly operations: number
  readonly notes: readonly ImportNote[]
}

export interface ImportOptions {
  readonly reader: CatalogReader
  /** Throws where the catalog is not, or no more, what the caller takes it for: undefined when there is none. */
  readonly requirePresent?: (present: CatalogHead | undefined) => void
}

/**
 * Loads a document as a catalog, or replaces it, within the caller's transaction, which lets no other one change the
 * catalogs of the tenant meanwhile. Read the document beforehand, with the same reader, to keep that short.
 * @throws DomainError `invalid` for a document that cannot be read, `conflict` when another catalog of the tenant
 *   claims one of its operations.
 */
export async function importCatalog(
  tx: Tx,
  ctx: RequestContext,
  input: CatalogInput,
  options: ImportOptions,
): Promise<ImportReport> {
  const { name, prefix, document } = input
  const reading = readingOf(input)
  const { operations, notes } = options.reader.read(reading, document)
  await lockCatalogs(tx, ctx.tenantId)
  const present = await checkImport(tx, ctx, input, options)
  await upsertCatalogRow(tx, {
    tenant_id: ctx.tenantId,
    name,
    prefix,
    upstream: JSON.stringify(input.upstream),
    schemes: JSON.stringify(input.schemes),
    document,
    document_digest: reading.digest,
    created_at: present?.created_at ?? ctx.nowMs,
    modified_at: ctx.nowMs,
  })
  const details = {
    operations: operations.length,
    notes: notes.length,
    digest: reading.digest,
    isNew: present === undefined,
  }
  await recordAudit(tx, ctx, { action: 'catalog.imported', targetKind: 'catalog', targetId: name, details })
  await appendChange(tx, ctx, { kind: 'catalog', subject: CATALOGS })
  return { operations: operations.length, notes }
}

/** How a document that is imported will be read. */
export function readingOf({ name, prefix, schemes, upstream, document }: CatalogInput): CatalogReading {
  return { name, prefix, schemes, isSample: upstream.kind === 'sample', digest: digestOf(document) }
}

/** Would this import do? Answers the catalog that it replaces. @throws DomainError as `importCatalog` does. */
export async function checkImport(
  db: Database,
  ctx: RequestContext,
  input: CatalogInput,
  { reader, requirePresent }: ImportOptions,
): Promise<CatalogHead | undefined> {
  const { name, document } = input
  const heads = await listCatalogHeads(db, ctx.tenantId)
  const present = heads.find((head) => head.name === name)
  requirePresent?.(present)
  const claimed: Operation[] = []
  for (const head of heads) if (head !== present) claimed.push(...(await operationsOf(db, head, reader)))
  refuseClaimed(name, claimed, reader.read(readingOf(input), document).operations)
  return present
}

function refuseClaimed(name: string, claimed: readonly Operation[], operations: readonly Operation[]): void {
  const [conflict] = findConflicts([...claimed, ...operations])
  if (!conflict) return
  const [theirs, ours] = conflict
  throw new DomainError(
    'conflict',
    `${ours.method} ${ours.path} of the catalog ${name} is claimed by the catalog ${theirs.catalog} too. Give one of them another prefix.`,
  )
}

/** Read within the transaction: waiting for somebody else's reading could be waiting for one that waits for us. */
async function operationsOf(db: Database, head: CatalogHead, reader: CatalogReader): Promise<readonly Operation[]> {
  const reading = storedReading(head)
  const known = reader.peek(reading)
  if (known) return known.operations
  const document = await findDocument(db, head)
  return document ? reader.read(reading, document).operations : []
}

/** Says whom a scope is granted to in every catalog of the tenant, within the caller's transaction. */
export async function setScopeGrant(
  tx: Tx,
  ctx: RequestContext,
  grant: { scope: string; userLevels: readonly string[] },
): Promise<void> {
  await upsertScopeGrant(tx, ctx.tenantId, grant)
  const details = { userLevels: grant.userLevels }
  await recordAudit(tx, ctx, { action: 'scope_grant.set', targetKind: 'scope', targetId: grant.scope, details })
  await appendChange(tx, ctx, { kind: 'catalog', subject: CATALOGS })
}
