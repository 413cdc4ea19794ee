import { decide } from '../access/decide.ts'
import type { Principal } from '../access/policy.ts'
import type { CatalogEntry } from '../catalogs/catalog.ts'
import { filterRows, type MatrixFilter } from './filter.ts'
import { type MatrixRow, matrixRow } from './row.ts'

/** A row, with the verdict for a persona where one was asked about. */
export interface MatrixEntry extends MatrixRow {
  readonly allowed?: boolean
  /** The code of the first check that fails; null when allowed. */
  readonly reason?: string | null
}

/**
 * What every operation of a tenant demands, and with a principal whether it would be let through: by the very function
 * that the gateway decides with, so the matrix cannot differ from what happens.
 */
export function accessMatrix(
  entries: readonly CatalogEntry[],
  filter: MatrixFilter,
  principal: Principal | undefined,
): MatrixEntry[] {
  const rows = new Map(entries.map((entry) => [matrixRow(entry.operation), entry] as const))
  const shown = filterRows([...rows.keys()].sort(byPath), filter)
  if (!principal) return shown
  return shown.map((row) => {
    const entry = rows.get(row) as CatalogEntry // every row came from one
    const { allowed, reason } = decide({
      authentication: { principal },
      rate: { allowed: true },
      target: entry,
      experimentalHeader: 'unknown',
    })
    return { ...row, allowed, reason: reason?.code ?? null }
  })
}

const byPath = (one: MatrixRow, other: MatrixRow): number =>
  compare(one.path, other.path) || compare(one.method, other.method)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
