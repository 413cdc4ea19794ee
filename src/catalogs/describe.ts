import type { Operation } from '../access/policy.ts'
import type { Upstream } from './catalog.ts'
import type { ReadCatalog } from './catalog-reader.ts'
import type { CatalogInput } from './import.ts'
import type { CatalogBody, CatalogSummary } from './schemas.ts'

/** What is told of a catalog: where it is served from and how much it holds, never the document. */
export function describeCatalog(
  { name, prefix, upstream, schemes }: Omit<CatalogInput, 'document'>,
  { operations }: Pick<ReadCatalog, 'operations'>,
  stored: { digest: string; createdAtMs: number | null; modifiedAtMs: number | null },
): CatalogSummary {
  return {
    name,
    prefix,
    upstream: describeUpstream(upstream),
    schemes: { ...schemes },
    operations: operations.length,
    assumed: operations.filter(({ policy }) => policy.assumed !== null).length,
    unusable: operations.filter(letsNobodyIn).length,
    digest: stored.digest,
    createdAt: timeOf(stored.createdAtMs),
    modifiedAt: timeOf(stored.modifiedAtMs),
  }
}

/** The same with what its import noted, and which operations our own routes take the place of. */
export function describeWithNotes(
  summary: CatalogSummary,
  { notes }: Pick<ReadCatalog, 'notes'>,
  shadowed: readonly Operation[],
): CatalogBody {
  const hidden = shadowed.map(({ method, path }) => ({
    kind: 'ignored',
    pointer: '',
    message: `${method} ${path} is never served from here: Sallyport has a route of its own for it.`,
  }))
  return { ...summary, notes: [...notes.map((note) => ({ ...note })), ...hidden] }
}

/** The file of a certificate authority is the operator's to know. */
function describeUpstream(upstream: Upstream): CatalogSummary['upstream'] {
  if (upstream.kind !== 'http') {
    const faults = upstream.kind === 'sample' ? [...(upstream.faults ?? [])] : []
    return { kind: upstream.kind, url: null, customCa: false, faults, timeouts: null }
  }
  const { kind, url, caFile, timeouts } = upstream
  return { kind, url, customCa: caFile !== undefined, faults: [], timeouts: { ...timeouts } }
}

const letsNobodyIn = ({ policy }: Operation): boolean =>
  !policy.isPublic && !policy.isAnyToken && policy.userScopes === null && policy.applicationScopes === null

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
