import { lenientPath, lenientTemplate, requestTemplate, shorterReadings, upperEscapes } from './alike.ts'
import { literalsOf, matchSegment, segmentsOf, shapeOf } from './path-segment.ts'

/** What an entry of an index has at least: an upper-case method, and a templated path as served. */
export interface Indexed {
  readonly method: string
  readonly path: string
}

/** Finds the entry for a request in a time that does not grow with the number of entries. */
export interface OperationIndex<Entry extends Indexed> {
  readonly root: Node<Filed<Entry>>
  /** The same entries by what a lenient upstream makes of their paths. */
  readonly lenient: Node<Filed<Entry>>
}

/** An entry with its path as a lenient upstream reads it. */
interface Filed<Entry> {
  readonly entry: Entry
  readonly method: string
  readonly lenientPath: string
}

/** The entry for a request, with the raw values of its path parameters from left to right. */
export interface Match<Entry extends Indexed> {
  readonly entry: Entry
  readonly parameters: readonly string[]
}

interface Node<Entry> {
  readonly byLiteral: Map<string, Node<Entry>>
  /** Most literal characters first, a bare parameter last. */
  readonly templates: Template<Entry>[]
  readonly byMethod: Map<string, Entry>
}

interface Template<Entry> {
  readonly shape: string
  readonly literals: readonly string[]
  readonly node: Node<Entry>
}

/** A request on its way through the index. */
interface Walk {
  readonly method: string
  readonly path: string
  /** Of the branch that is being tried. */
  readonly parameters: string[]
  /** Of branches that fit under other methods. */
  allowedMethods?: Set<string>
}

/** Builds an index. Of entries in conflict the first one is served; see `findConflicts`. */
export function buildOperationIndex<Entry extends Indexed>(entries: readonly Entry[]): OperationIndex<Entry> {
  const [root, lenient] = [emptyNode<Filed<Entry>>(), emptyNode<Filed<Entry>>()]
  for (const entry of entries) {
    const filed = { entry, method: entry.method, lenientPath: lenientTemplate(entry.path) }
    plant(root, requestTemplate(entry.path), filed)
    plant(lenient, filed.lenientPath, filed)
  }
  return { root, lenient }
}

function plant<Entry extends { readonly method: string }>(root: Node<Entry>, path: string, entry: Entry): void {
  const leaf = segmentsOf(path).reduce(growChild, root)
  if (!leaf.byMethod.has(entry.method)) leaf.byMethod.set(entry.method, entry)
}

/** What is known of a request's path otherwise: the methods it has instead, or what else it may be taken for. */
export type NoMatch = { readonly allowedMethods: readonly string[] } | { readonly alsoReadAs: string }

/**
 * Finds the entry for a request whose path is canonical, its escapes left in it. At every segment, from the left, a
 * literal beats a template; HEAD is served by GET where it is not declared. Returns the methods that the path is known
 * under if this is none of them, and undefined for an unknown path.
 *
 * A value of a parameter may look to a lenient upstream like a literal, or like the end of the path: `/a/%3Ab`,
 * `/a/ADMIN` or `/a/admin%3Fx` beside `/a/:b` and `/a/admin`. Then nobody can say which operation is asked for, and none is found.
 */
export function matchOperation<Entry extends Indexed>(
  { root, lenient }: OperationIndex<Entry>,
  method: string,
  path: string,
): Match<Entry> | NoMatch | undefined {
  if (!path.startsWith('/')) return undefined
  const found = findLeaf(root, method, upperEscapes(path))
  if (found === undefined || 'allowedMethods' in found) return found
  const { entry: filed, parameters } = found
  const other = parameters.length > 0 ? otherReading(lenient, { method, path }, filed) : undefined
  return other ?? { entry: filed.entry, parameters }
}

/** What else the path may be taken for; undefined where all readers agree. */
function otherReading<Entry extends Indexed>(
  lenient: Node<Filed<Entry>>,
  { method, path }: Indexed,
  filed: Filed<Entry>,
): { readonly alsoReadAs: string } | undefined {
  const reading = lenientPath(path)
  const shorter = MAY_BE_SHORTER.test(reading) ? shorterReadings(reading, filed.lenientPath) : []
  for (const each of [reading, ...shorter]) {
    const also = findLeaf(lenient, method, each)
    const other = also && 'entry' in also ? also.entry : undefined
    if (other?.lenientPath !== filed.lenientPath) return { alsoReadAs: other?.entry.path ?? 'something else' }
  }
  return undefined
}

const MAY_BE_SHORTER = /[?#.]/

function findLeaf<Entry>(
  root: Node<Entry>,
  method: string,
  path: string,
): { entry: Entry; parameters: readonly string[] } | { allowedMethods: readonly string[] } | undefined {
  const walk: Walk = { method, path, parameters: [] }
  const entry = descend(root, walk, 1)
  if (entry !== undefined) return { entry, parameters: walk.parameters }
  const { allowedMethods } = walk
  if (allowedMethods === undefined) return undefined
  if (allowedMethods.has('GET')) allowedMethods.add('HEAD')
  return { allowedMethods: [...allowedMethods].sort() }
}

/** The pairs of entries that claim one method and path, names of parameters aside, the earlier one first. */
export function findConflicts<Entry extends Indexed>(entries: readonly Entry[]): readonly (readonly [Entry, Entry])[] {
  const claims = new Map<string, Entry>()
  return entries.flatMap((entry) => {
    const claim = `${entry.method} ${segmentsOf(entry.path).map(shapeOf).join('/')}`
    const earlier = claims.getOrInsert(claim, entry)
    return earlier === entry ? [] : [[earlier, entry] as const]
  })
}

function emptyNode<Entry>(): Node<Entry> {
  return { byLiteral: new Map(), templates: [], byMethod: new Map() }
}

function growChild<Entry>(node: Node<Entry>, segment: string): Node<Entry> {
  const literals = literalsOf(segment)
  if (literals.length === 1) return node.byLiteral.getOrInsertComputed(segment, () => emptyNode<Entry>())
  const shape = shapeOf(segment)
  const known = node.templates.find((template) => template.shape === shape)
  if (known !== undefined) return known.node
  const added = { shape, literals, node: emptyNode<Entry>() }
  const position = node.templates.findIndex((template) => isMoreLiteral(added, template))
  node.templates.splice(position < 0 ? node.templates.length : position, 0, added)
  return added.node
}

/** Equally literal shapes are ordered by their text, so that the order of a document never decides. */
function isMoreLiteral<Entry>(one: Template<Entry>, other: Template<Entry>): boolean {
  const difference = one.literals.join('').length - other.literals.join('').length
  return difference === 0 ? one.shape < other.shape : difference > 0
}

/** The entry at the end of the first branch that the rest of the path and the method fit, the most literal one first. */
function descend<Entry>(node: Node<Entry>, walk: Walk, start: number): Entry | undefined {
  const { path } = walk
  if (start > path.length || path === '/') return entryAt(node, walk)
  const slash = path.indexOf('/', start)
  const end = slash < 0 ? path.length : slash
  const segment = path.slice(start, end)
  const child = node.byLiteral.get(segment)
  const found = child && descend(child, walk, end + 1)
  if (found !== undefined) return found
  for (const template of node.templates) {
    const values = matchSegment(template.literals, segment)
    if (values === undefined) continue
    const known = walk.parameters.length
    walk.parameters.push(...values)
    const entry = descend(template.node, walk, end + 1)
    if (entry !== undefined) return entry
    walk.parameters.length = known
  }
  return undefined
}

function entryAt<Entry>({ byMethod }: Node<Entry>, walk: Walk): Entry | undefined {
  const entry = byMethod.get(walk.method) ?? (walk.method === 'HEAD' ? byMethod.get('GET') : undefined)
  if (entry !== undefined || byMethod.size === 0) return entry
  walk.allowedMethods ??= new Set()
  for (const allowed of byMethod.keys()) walk.allowedMethods.add(allowed)
  return undefined
}
