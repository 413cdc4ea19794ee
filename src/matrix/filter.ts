import type { MatrixRow } from './row.ts'

/** What to show of the matrix; every part that is given must hold. Texts are compared without case. */
export interface MatrixFilter {
  readonly version?: string | undefined
  readonly method?: string | undefined
  /** A part of the path; a whole URL or a path with real ids works too. */
  readonly path?: string | undefined
  readonly context?: string | undefined
  readonly scope?: string | undefined
  readonly userLevel?: string | undefined
  readonly catalog?: string | undefined
  /** A part of path, operation id, summary, scope or level. */
  readonly q?: string | undefined
}

/** The rows that a filter asks for, in the order they are given. */
export function filterRows(rows: readonly MatrixRow[], filter: MatrixFilter): MatrixRow[] {
  const tests = [
    equals(filter.version, ({ version }) => [version]),
    equals(filter.method, ({ method }) => [method]),
    equals(filter.context, ({ context }) => [context]),
    equals(filter.scope, scopesOf),
    equals(filter.catalog, ({ catalog }) => [catalog]),
    equals(filter.userLevel, ({ userLevels }) => userLevels),
    contains(filter.path === undefined ? undefined : pathOf(filter.path), ({ path }) => [path]),
    contains(filter.q, (row) => [
      row.path,
      row.operationId ?? '',
      row.summary ?? '',
      ...scopesOf(row),
      ...row.userLevels,
    ]),
  ]
  return rows.filter((row) => tests.every((test) => test(row)))
}

type Test = (row: MatrixRow) => boolean

const scopesOf = ({ userScopes, applicationScopes }: MatrixRow): string[] => [...userScopes, ...applicationScopes]

function equals(wanted: string | undefined, valuesOf: (row: MatrixRow) => readonly string[]): Test {
  if (wanted === undefined) return () => true
  const lower = wanted.toLowerCase()
  return (row) => valuesOf(row).some((value) => value.toLowerCase() === lower)
}

function contains(wanted: string | undefined, valuesOf: (row: MatrixRow) => readonly string[]): Test {
  if (wanted === undefined) return () => true
  const lower = wanted.toLowerCase()
  return (row) => valuesOf(row).some((value) => value.toLowerCase().includes(lower))
}

/** The path of what people paste: without scheme, host and query. */
const pathOf = (text: string): string => text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '')
