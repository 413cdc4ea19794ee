import { fromStoredJson } from '../database/stored-json.ts'
import { buildOperationIndex, matchOperation, type OperationIndex } from '../access/operation-index.ts'
import type { Operation } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import { buildScopeGrants } from '../access/scope-grants.ts'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { CatalogRow, Database } from '../database/schema.ts'
import { isReserved } from '../front-door/reserved.ts'
import { BUILT_IN } from './built-in.ts'
import type { Catalog, CatalogEntry, Upstream } from './catalog.ts'
import { readDocument } from './document/read-document.ts'
import { readOperations } from './document/read-operations.ts'
import { buildSample } from './sample/build-sample.ts'
import { listCatalogRows, readScopeGrants } from './store.ts'

/** The operations of all catalogs of one tenant. */
export interface CatalogSet {
  readonly entries: readonly CatalogEntry[]
  /** Our own routes alone. */
  readonly ours: OperationIndex<CatalogEntry>
  readonly index: OperationIndex<CatalogEntry>
}

/** What a request is for, and the raw values of its path parameters. */
export interface CatalogMatch {
  readonly entry: CatalogEntry
  readonly parameters: readonly string[]
}

const TENANTS_MAX = 200

/** The change-log subject of everything that concerns the catalogs of a tenant. */
export const CATALOGS = 'catalogs'

/** Each tenant's catalogs, read when first asked for and kept until the change log says otherwise. */
export class Catalogs {
  readonly #builtIn: () => readonly Operation[]
  readonly #sets: ChangeCache<CatalogSet>

  /** `builtIn` are the operations of our own routes, which are part of every tenant's set and win over the others. */
  constructor(changes: ChangeLog, builtIn: () => readonly Operation[]) {
    this.#builtIn = builtIn
    this.#sets = new ChangeCache(changes, ['catalog'], TENANTS_MAX)
  }

  /** What is remembered of a tenant's catalogs, without asking the database. */
  peek(tenantId: string): CatalogSet | undefined {
    return this.#sets.peek(tenantId, CATALOGS)
  }

  async find(db: Database, tenantId: string): Promise<CatalogSet> {
    const set = await this.#sets.get(tenantId, CATALOGS, () => readCatalogs(db, tenantId, this.#builtIn()))
    return set ?? { entries: [], ours: buildOperationIndex([]), index: buildOperationIndex([]) }
  }
}

async function readCatalogs(db: Database, tenantId: string, builtIn: readonly Operation[]): Promise<CatalogSet> {
  const tenantGrants = await readScopeGrants(db, tenantId)
  const rows = await listCatalogRows(db, tenantId)
  const ours = entriesOf(builtInCatalog, builtIn, tenantGrants)
  const entries = [...ours, ...rows.flatMap((row) => readEntries(row, tenantGrants))]
  return { entries, ours: buildOperationIndex(ours), index: buildOperationIndex(entries) }
}

const builtInCatalog: Catalog = { name: BUILT_IN, prefix: '', upstream: { kind: 'built_in' }, sample: undefined }

function readEntries(row: CatalogRow, tenantGrants: Record<string, string[]>): CatalogEntry[] {
  const { name, prefix } = row
  const document = readDocument(row.document, name)
  const { operations } = readOperations(document, { catalog: name, prefix, schemes: fromStoredJson(row.schemes) })
  const upstream = JSON.parse(row.upstream) as Upstream
  const sample = upstream.kind === 'sample' ? buildSample(document) : undefined
  return entriesOf({ name, prefix, upstream, sample }, operations, tenantGrants)
}

/** Grants are built of one catalog's operations alone: one catalog never widens another. */
function entriesOf(
  catalog: Catalog,
  operations: readonly Operation[],
  tenantGrants: Record<string, string[]>,
): CatalogEntry[] {
  const grants = buildScopeGrants(operations, tenantGrants)
  return operations.map((operation) => ({ method: operation.method, path: operation.path, operation, grants, catalog }))
}

/**
 * What a method and a canonical path lead to: an entry, the methods that the path has instead, or null. Our own routes
 * win over whatever a catalog claims, more literally or not.
 */
export function findOperation(
  { ours, index }: Pick<CatalogSet, 'ours' | 'index'>,
  method: string,
  path: string,
): { match: CatalogMatch | undefined; target: Question['target'] } {
  const own = matchOperation(ours, method, path)
  const isOwn = isReserved(path) || (own !== undefined && 'entry' in own)
  const found = isOwn ? own : matchOperation(index, method, path)
  if (found === undefined) return { match: undefined, target: null }
  return 'entry' in found ? { match: found, target: found.entry } : { match: undefined, target: found }
}
