import { type AddNote, quoted } from './import-note.ts'
import { isJsonObject, type JsonObject, own } from './json-object.ts'
import { followReferences, pointerTo } from './json-pointer.ts'
import type { OpenApiDocument } from './read-document.ts'
import { normalisePath, problemWithPath } from './templated-path.ts'

/** An operation as it stands in a document. */
export interface DocumentOperation {
  /** Its JSON pointer. */
  readonly pointer: string
  /** Upper case. */
  readonly method: string
  /** The document's path, as requests are normalised. */
  readonly path: string
  readonly pathItem: JsonObject
  readonly operation: JsonObject
}

const servedMethods: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])

/** The operations of a document that can be served, in its order. What is left out is noted. */
export function* listOperations(document: OpenApiDocument, note: AddNote): Generator<DocumentOperation> {
  for (const [template, declared] of Object.entries(document.paths)) {
    if (template.startsWith('x-')) continue
    const pointer = pointerTo('/paths', template)
    const problem = problemWithPath(template)
    const pathItem = problem === undefined ? resolvePathItem(document, declared, { pointer, note }) : undefined
    if (problem !== undefined) note('ignored', pointer, problem)
    if (pathItem === undefined) continue
    for (const { method, operation } of methodsOf(pathItem, pointer, note)) {
      yield {
        pointer: pointerTo(pointer, method),
        method: method.toUpperCase(),
        path: normalisePath(template),
        pathItem,
        operation,
      }
    }
  }
}

function resolvePathItem(
  document: OpenApiDocument,
  declared: unknown,
  { pointer, note }: { pointer: string; note: AddNote },
): JsonObject | undefined {
  const pathItem = followReferences(document, declared)
  if (!isJsonObject(pathItem)) {
    note('ignored', pointer, 'The path leads to no path item of this document; bundle what it refers to into one file.')
    return undefined
  }
  if (isJsonObject(declared) && pathItem !== declared) {
    for (const key of Object.keys(declared)) {
      if (key !== '$ref') note('ignored', pointerTo(pointer, key), 'What stands beside the $ref of a path is left out.')
    }
  }
  return pathItem
}

function* methodsOf(
  pathItem: JsonObject,
  pointer: string,
  note: AddNote,
): Generator<{ method: string; operation: JsonObject }> {
  for (const key of Object.keys(pathItem)) {
    const problem = problemWithMethod(key)
    const operation = own(pathItem, key)
    if (problem !== undefined) note('ignored', pointerTo(pointer, key), problem)
    else if (!servedMethods.has(key)) continue
    else if (isJsonObject(operation)) yield { method: key, operation }
    else note('ignored', pointerTo(pointer, key), 'The operation must be an object.')
  }
}

function problemWithMethod(key: string): string | undefined {
  const method = key.toLowerCase()
  if (method === 'trace') return 'TRACE is never served.'
  if (servedMethods.has(method) && method !== key) return `Methods are lower case: write ${method}, not ${quoted(key)}.`
  return undefined
}
