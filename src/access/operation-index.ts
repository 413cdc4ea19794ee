import { literalsOf, matchSegment, segmentsOf, shapeOf } from './path-segment.ts'

/** What an entry of an index has at least: an upper-case method, and a templated path as served. */
export interface Indexed {
  readonly method: string
  readonly path: string
}

/** Finds the entry for a request in a time that does not grow with the number of entries. */
export interface OperationIndex<Entry extends Indexed> {
  readonly root: Node<Entry>
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

interface Leaf<Entry> {
  readonly byMethod: ReadonlyMap<string, Entry>
  readonly parameters: readonly string[]
}

/** Builds an index. Of entries in conflict the first one is served; see `findConflicts`. */
export function buildOperationIndex<Entry extends Indexed>(entries: readonly Entry[]): OperationIndex<Entry> {
  const root = emptyNode<Entry>()
  for (const entry of entries) {
    const leaf = segmentsOf(entry.path).reduce(growChild, root)
    if (!leaf.byMethod.has(entry.method)) leaf.byMethod.set(entry.method, entry)
  }
  return { root }
}

/**
 * Finds the entry for a request whose path is normalised, percent escapes left as they are. At every segment, from the
 * left, a literal beats a template; HEAD is served by GET where it is not declared. Returns the methods that the path
 * is known under if this is none of them, and undefined for an unknown path.
 */
export function matchOperation<Entry extends Indexed>(
  { root }: OperationIndex<Entry>,
  method: string,
  path: string,
): Match<Entry> | { readonly allowedMethods: readonly string[] } | undefined {
  if (!path.startsWith('/')) return undefined
  const allowedMethods = new Set<string>()
  for (const { byMethod, parameters } of leavesFor(root, path === '/' ? [] : path.slice(1).split('/'))) {
    const entry = byMethod.get(method) ?? (method === 'HEAD' ? byMethod.get('GET') : undefined)
    if (entry !== undefined) return { entry, parameters }
    for (const allowed of byMethod.keys()) allowedMethods.add(allowed)
  }
  if (allowedMethods.has('GET')) allowedMethods.add('HEAD')
  return allowedMethods.size === 0 ? undefined : { allowedMethods: [...allowedMethods].sort() }
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

/** The ends of all branches that these segments fit, the most literal branch first. */
function* leavesFor<Entry>(node: Node<Entry>, segments: readonly string[], depth = 0): Generator<Leaf<Entry>, void> {
  const segment = segments[depth]
  if (segment === undefined) {
    yield { byMethod: node.byMethod, parameters: [] }
    return
  }
  const child = node.byLiteral.get(segment)
  if (child !== undefined) yield* leavesFor(child, segments, depth + 1)
  for (const template of node.templates) {
    const values = matchSegment(template.literals, segment)
    if (values === undefined) continue
    for (const { byMethod, parameters } of leavesFor(template.node, segments, depth + 1)) {
      yield { byMethod, parameters: [...values, ...parameters] }
    }
  }
}
