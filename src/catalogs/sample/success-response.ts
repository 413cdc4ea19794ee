import { isJsonObject, type JsonObject, own, ownObject } from '../document/json-object.ts'
import { followReferences } from '../document/json-pointer.ts'
import { weigh } from '../document/weigh.ts'
import { synthesise } from './synthesise.ts'
import { varyItems } from './vary-items.ts'

/** The answer of an operation where all goes well. */
export interface SuccessResponse {
  readonly status: number
  /** undefined where the operation answers without a body, or without JSON. */
  readonly value: unknown
  /** How heavy the value is. */
  readonly weight: number
}

const LIMITS = { maxDepth: 100, maxWeight: 1024 * 1024 }
const statusesWithoutBody: ReadonlySet<number> = new Set([204, 205])
const JSON_MEDIA_TYPE = /^(?:application\/(?:[^;\s]+\+)?json|application\/\*|\*\/\*)\s*(?:;|$)/i

/** Finds what an operation answers: an example of its first successful response, else a value made from the schema. */
export function findSuccessResponse(document: JsonObject, operation: JsonObject): SuccessResponse {
  const { status, response } = findResponse(document, operation)
  const media = findJsonMedia(response)
  if (media === undefined || statusesWithoutBody.has(status)) return { status, value: undefined, weight: 1 }
  const example = findExample(document, media) ?? synthesise(document, own(media, 'schema'))
  const value = Array.isArray(example) ? varyItems(example) : example
  return { status, value, weight: Math.min(weigh(value, LIMITS), LIMITS.maxWeight) }
}

function findResponse(document: JsonObject, operation: JsonObject): { status: number; response: JsonObject } {
  const responses = ownObject(operation, 'responses')
  const key = Object.keys(responses).find((status) => /^2\d\d$/.test(status))
  const fallback = ['2XX', '2xx', 'default'].find((status) => own(responses, status) !== undefined)
  const response = followReferences(document, own(responses, key ?? fallback ?? ''))
  const status = key ?? (fallback === undefined ? '204' : '200')
  return { status: Number(status), response: isJsonObject(response) ? response : {} }
}

function findJsonMedia(response: JsonObject): JsonObject | undefined {
  const content = ownObject(response, 'content')
  const mediaType = Object.keys(content).find((name) => JSON_MEDIA_TYPE.test(name))
  return mediaType === undefined ? undefined : ownObject(content, mediaType)
}

/** The first example that is small enough to answer with. */
function findExample(document: JsonObject, media: JsonObject): unknown {
  const named = Object.values(ownObject(media, 'examples')).map((example) => followReferences(document, example))
  const values = named.map((example) => (isJsonObject(example) ? own(example, 'value') : undefined))
  return [own(media, 'example'), ...values].find((value) => value !== undefined && weigh(value, LIMITS) !== Infinity)
}
