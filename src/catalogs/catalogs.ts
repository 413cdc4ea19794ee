import { fromStoredJson } from '../database/stored-json.ts'
import { buildOperationIndex, type Indexed, matchOperation, type OperationIndex } from '../access/operation-index.ts'
import type { Operation } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import { buildScopeGrants } from '../access/scope-grants.ts'
import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Database } from '../database/schema.ts'
import { isReserved } from '../front-door/reserved.ts'
import { BUILT_IN } from './built-in.ts'
import type { Catalog, CatalogEntry } from './catalog.ts'
import { CatalogReader } from './catalog-reader.ts'
import { storedReading } from './stored-reading.ts'
import { type CatalogHead, findDocument, listCatalogHeads, readScopeGrants } from './store.ts'

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
  /** Reads the documents of this process. */
  readonly reader = new CatalogReader()
  readonly #builtIn: () => readonly Operation[]
  readonly #sets: ChangeCache<CatalogSet>
  /** Readings that began after the latest change. */
  readonly #underWay = new Map<string, Promise<CatalogSet>>()

  /** `builtIn` are the operations of our own routes, which are part of every tenant's set and win over the others. */
  constructor(changes: ChangeLog, builtIn: () => readonly Operation[]) {
    this.#builtIn = builtIn
    this.#sets = new ChangeCache(changes, ['catalog'], TENANTS_MAX)
    changes.onChange((change) => {
      if (change === null) this.#underWay.clear()
      else if (change.kind === 'catalog') this.#underWay.delete(change.tenant_id)
    })
  }

  /** What is remembered of a tenant's catalogs, without asking the database. */
  peek(tenantId: string): CatalogSet | undefined {
    return this.#sets.peek(tenantId, CATALOGS)
  }

  /** What is remembered, else read once for all who ask meanwhile. Not to be called within a transaction. */
  async find(db: Database, tenantId: string): Promise<CatalogSet> {
    const known = this.peek(tenantId) ?? this.#underWay.get(tenantId)
    if (known) return known
    const reading = this.#find(db, tenantId).finally(() => {
      if (this.#underWay.get(tenantId) === reading) this.#underWay.delete(tenantId)
    })
    this.#underWay.set(tenantId, reading)
    return reading
  }

  async #find(db: Database, tenantId: string): Promise<CatalogSet> {
    const set = await this.#sets.get(tenantId, CATALOGS, () => this.#read(db, tenantId))
    return set ?? { entries: [], ours: buildOperationIndex([]), index: buildOperationIndex([]) }
  }

  /** Those of these operations that our own routes win over. */
  shadowed(operations: readonly Operation[]): Operation[] {
    const ours = buildOperationIndex(this.#builtIn())
    return operations.filter(({ method, path }) => isOwn(ours, method, path))
  }

  async #read(db: Database, tenantId: string): Promise<CatalogSet> {
    const tenantGrants = await readScopeGrants(db, tenantId)
    const ours = entriesOf(builtInCatalog, this.#builtIn(), tenantGrants)
    const entries = [...ours]
    for (const head of await listCatalogHeads(db, tenantId)) {
      const read = await this.reader.find(storedReading(head), () => findDocument(db, head))
      // It was replaced or removed since the list was read.
      if (!read) return this.#read(db, tenantId)
      entries.push(...entriesOf(catalogOf(head, read.sample), read.operations, tenantGrants))
    }
    const index = buildOperationIndex(ours)
    const served = entries.filter(
      ({ catalog, method, path }) => catalog === builtInCatalog || !isOwn(index, method, path),
    )
    return { entries: served, ours: index, index: buildOperationIndex(served) }
  }
}

/** Has a route of ours this method and templated path? A parameter of ours stands for whatever is in its place. */
function isOwn<Entry extends Indexed>(ours: OperationIndex<Entry>, method: string, path: string): boolean {
  const found = matchOperation(ours, method, path)
  return found !== undefined && 'entry' in found
}

const builtInCatalog: Catalog = { name: BUILT_IN, prefix: '', upstream: { kind: 'built_in' }, sample: undefined }

const catalogOf = ({ name, prefix, upstream }: CatalogHead, sample: Catalog['sample']): Catalog => ({
  name,
  prefix,
  upstream: fromStoredJson(upstream),
  sample,
})

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
