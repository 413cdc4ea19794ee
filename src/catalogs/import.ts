import { fromStoredJson } from '../database/stored-json.ts'
import { hash } from 'node:crypto'
import { findConflicts } from '../access/operation-index.ts'
import type { Operation } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { Upstream } from './catalog.ts'
import { CATALOGS } from './catalogs.ts'
import type { ImportNote } from './document/import-note.ts'
import type { SchemeContexts } from './document/read-alternative.ts'
import { readDocument } from './document/read-document.ts'
import { readOperations } from './document/read-operations.ts'
import { listCatalogRows, upsertCatalogRow, upsertScopeGrant } from './store.ts'

/** A document and how it is taken as a catalog. */
export interface CatalogInput {
  name: string
  /** The document as it came: YAML or JSON, gzipped or not. */
  document: Buffer
  prefix: string
  upstream: Upstream
  schemes: SchemeContexts
}

/** What an import took and what it could not take. */
export interface ImportReport {
  operations: number
  notes: ImportNote[]
}

/**
 * Loads a document as a catalog, or replaces it, within the caller's transaction.
 * @throws DomainError `invalid` for a document that cannot be read, `conflict` when another catalog of the tenant
 *   claims one of its operations.
 */
export async function importCatalog(tx: Tx, ctx: RequestContext, input: CatalogInput): Promise<ImportReport> {
  const { name, prefix, schemes } = input
  const { operations, notes } = readOperations(readDocument(input.document, name), { catalog: name, prefix, schemes })
  await refuseClaimed(tx, ctx, { name, operations })
  await upsertCatalogRow(tx, {
    tenant_id: ctx.tenantId,
    name,
    prefix,
    upstream: JSON.stringify(input.upstream),
    schemes: JSON.stringify(schemes),
    document: input.document,
    document_digest: hash('sha256', input.document),
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  })
  const details = { operations: operations.length, notes: notes.length }
  await recordAudit(tx, ctx, { action: 'catalog.imported', targetKind: 'catalog', targetId: name, details })
  await appendChange(tx, ctx, { kind: 'catalog', subject: CATALOGS })
  return { operations: operations.length, notes }
}

async function refuseClaimed(
  tx: Tx,
  ctx: RequestContext,
  { name, operations }: { name: string; operations: Operation[] },
): Promise<void> {
  const others = (await listCatalogRows(tx, ctx.tenantId)).filter((row) => row.name !== name)
  const claimed = others.flatMap(
    (row) =>
      readOperations(readDocument(row.document, row.name), {
        catalog: row.name,
        prefix: row.prefix,
        schemes: fromStoredJson(row.schemes),
      }).operations,
  )
  const [conflict] = findConflicts([...claimed, ...operations])
  if (!conflict) return
  const [theirs, ours] = conflict
  throw new DomainError(
    'conflict',
    `${ours.method} ${ours.path} of the catalog ${name} is claimed by the catalog ${theirs.catalog} too. Give one of them another prefix.`,
  )
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
