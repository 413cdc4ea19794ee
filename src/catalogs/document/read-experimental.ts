import type { AddNote } from './import-note.ts'
import { isJsonObject, type JsonObject, own, ownList } from './json-object.ts'
import { followReferences, pointerTo } from './json-pointer.ts'
import type { DocumentOperation } from './list-operations.ts'

const EXPERIMENTAL_HEADER = 'x-sailpoint-experimental'
const MAX_PARAMETERS = 200

/** Must callers send `X-SailPoint-Experimental`? What the operation says of that header overrides its path item. */
export function readExperimental(document: JsonObject, declared: DocumentOperation, note: AddNote): boolean {
  const pointer = pointerTo(declared.pointer, 'parameters')
  for (const owner of [declared.operation, declared.pathItem]) {
    const header = readParameters(document, owner, (problem) => note('ignored', pointer, problem)).find(
      isExperimentalHeader,
    )
    if (header !== undefined) return own(header, 'required') === true
  }
  return false
}

function readParameters(document: JsonObject, owner: JsonObject, report: (problem: string) => void): JsonObject[] {
  const parameters = ownList(owner, 'parameters')
  if (parameters.length > MAX_PARAMETERS) report(`Parameters beyond the first ${MAX_PARAMETERS} are left out.`)
  const resolved = parameters.slice(0, MAX_PARAMETERS).map((parameter) => followReferences(document, parameter))
  if (!resolved.every(isJsonObject)) report('A parameter leads to nothing in this document, and is left out.')
  return resolved.filter(isJsonObject)
}

/** Names of headers are compared without case (RFC 9110 §5.1). */
function isExperimentalHeader(parameter: JsonObject): boolean {
  const name = own(parameter, 'name')
  return own(parameter, 'in') === 'header' && typeof name === 'string' && name.toLowerCase() === EXPERIMENTAL_HEADER
}
