import type { MatrixRow } from './row.ts'

/** What is different about one operation. */
export interface Difference {
  readonly method: string
  /** Without the prefix of its catalog. */
  readonly path: string
  readonly kind: 'appeared' | 'vanished' | 'changed'
  /** Could a caller who got through before be refused now? */
  readonly breaking: boolean
  readonly changes: readonly Change[]
}

/** One change of what an operation demands; lists are those before and after. */
export interface Change {
  readonly what: 'context' | 'userScopes' | 'applicationScopes' | 'userLevels' | 'experimental' | 'deprecated'
  readonly before: string | readonly string[] | boolean
  readonly after: string | readonly string[] | boolean
  readonly breaking: boolean
  readonly message: string
}

/** What the rows of one catalog demand otherwise than those of another, by path and method. */
export function diffRows(before: readonly MatrixRow[], after: readonly MatrixRow[]): Difference[] {
  const [old, young] = [byOperation(before), byOperation(after)]
  return [...new Set([...old.keys(), ...young.keys()])].toSorted().flatMap((key) => {
    const [one, other] = [old.get(key), young.get(key)]
    if (one && other) return changed(one, other)
    if (one) return [{ method: one.method, path: one.path, kind: 'vanished' as const, breaking: true, changes: [] }]
    return other
      ? [{ method: other.method, path: other.path, kind: 'appeared' as const, breaking: false, changes: [] }]
      : []
  })
}

/** Names of parameters do not matter: a request has none. */
const byOperation = (rows: readonly MatrixRow[]): Map<string, MatrixRow> =>
  new Map(rows.map((row) => [`${row.path.replaceAll(/\{[^{}]*\}/g, '{}')} ${row.method}`, row]))

function changed(before: MatrixRow, after: MatrixRow): Difference[] {
  const changes = [
    ...contextChange(before, after),
    ...(['userScopes', 'applicationScopes', 'userLevels'] as const).flatMap((what) => listChange(what, before, after)),
    ...flagChange('experimental', before, after, 'now needs the header X-SailPoint-Experimental'),
    ...flagChange('deprecated', before, after, 'became deprecated'),
  ]
  if (changes.length === 0) return []
  const { method, path } = after
  return [{ method, path, kind: 'changed', breaking: changes.some(({ breaking }) => breaking), changes }]
}

const admits: Readonly<Record<MatrixRow['context'], readonly string[]>> = {
  public: ['nobody', 'user', 'application'],
  'any-token': ['user', 'application'],
  'user-or-application': ['user', 'application'],
  user: ['user'],
  application: ['application'],
  denied: [],
}

const contextWords: Readonly<Record<MatrixRow['context'], string>> = {
  public: 'public',
  'any-token': 'open to any valid token',
  'user-or-application': 'for users and applications',
  user: 'user-only',
  application: 'application-only',
  denied: 'closed to everybody',
}

function contextChange(before: MatrixRow, after: MatrixRow): Change[] {
  if (before.context === after.context) return []
  const breaking = admits[before.context].some((caller) => !admits[after.context].includes(caller))
  const message = `became ${contextWords[after.context]} (was ${contextWords[before.context]})`
  return [{ what: 'context', before: before.context, after: after.context, breaking, message }]
}

const listWords = {
  userScopes: 'user scope',
  applicationScopes: 'application scope',
  userLevels: 'user level',
} as const

/** Of a list one suffices, and an empty one asks for nothing: fewer is narrower, and so is the first. */
function listChange(what: keyof typeof listWords, before: MatrixRow, after: MatrixRow): Change[] {
  const [one, other] = [new Set(before[what]), new Set(after[what])]
  const [lost, gained] = [[...one.difference(other)], [...other.difference(one)]]
  if (lost.length === 0 && gained.length === 0) return []
  // A context that is gone or new is told as such.
  if (isContextGone(what, before) || isContextGone(what, after)) return []
  // Without a scope everybody passes; without a level the grants of the scopes decide, which may be narrower.
  const isOpenToAll = other.size === 0 && what !== 'userLevels'
  const breaking = !isOpenToAll && (lost.length > 0 || one.size === 0)
  const words = [
    ...(lost.length > 0 ? [`lost the ${listWords[what]} ${lost.join(' ')}`] : []),
    ...(gained.length > 0 ? [`gained the ${listWords[what]} ${gained.join(' ')}`] : []),
  ]
  return [{ what, before: before[what], after: after[what], breaking, message: words.join(', ') }]
}

const isContextGone = (what: keyof typeof listWords, { context }: MatrixRow): boolean =>
  (what === 'userScopes' && !admits[context].includes('user')) ||
  (what === 'applicationScopes' && !admits[context].includes('application'))

function flagChange(what: 'experimental' | 'deprecated', before: MatrixRow, after: MatrixRow, words: string): Change[] {
  if (before[what] === after[what]) return []
  const message = after[what] ? words : `is no longer ${what}`
  return [{ what, before: before[what], after: after[what], breaking: what === 'experimental' && after[what], message }]
}
