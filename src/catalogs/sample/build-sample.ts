import { LRUCache } from 'lru-cache'
import type { JsonObject } from '../document/json-object.ts'
import { listOperations } from '../document/list-operations.ts'
import type { OpenApiDocument } from '../document/read-document.ts'
import { normalisePath } from '../document/templated-path.ts'
import { echoId, type MatchedPath } from './echo-id.ts'
import { pageOf } from './list-page.ts'
import { findSuccessResponse, type SuccessResponse } from './success-response.ts'

/** A request for an operation that has been matched. `path` is the document's, without the prefix of the catalog. */
export interface SampleRequest extends MatchedPath {
  readonly method: string
  readonly query: URLSearchParams
}

/** An answer made from the document. */
export interface SampleAnswer {
  readonly status: number
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON; null where there is no body. */
  readonly body: string | null
}

/** Stands in for an upstream. The same request gets the same answer, always. */
export interface Sample {
  /** undefined for an operation that the document does not have. */
  answer(request: SampleRequest): SampleAnswer | undefined
}

const MAX_REMEMBERED_WEIGHT = 16 * 1024 * 1024

/**
 * Answers for the upstream of a catalog, from the examples and schemas of its document. It keeps the document, and
 * works each answer out when it is first asked for.
 */
export function buildSample(document: OpenApiDocument): Sample {
  const operations = indexOperations(document)
  const responses = new LRUCache<JsonObject, SuccessResponse>({
    maxSize: MAX_REMEMBERED_WEIGHT,
    sizeCalculation: ({ weight }) => weight,
  })

  function respond(operation: JsonObject): SuccessResponse {
    const response = responses.get(operation) ?? findSuccessResponse(document, operation)
    responses.set(operation, response)
    return response
  }

  return {
    answer(request) {
      const operation = methodsToTry(request.method)
        .map((method) => operations.get(`${method} ${normalisePath(`/${request.path}`)}`))
        .find((found) => found !== undefined)
      return operation === undefined ? undefined : render(respond(operation), request)
    },
  }
}

function indexOperations(document: OpenApiDocument): ReadonlyMap<string, JsonObject> {
  const operations = new Map<string, JsonObject>()
  for (const { method, path, operation } of listOperations(document, () => {})) {
    operations.set(`${method} ${path}`, operation)
  }
  return operations
}

/** HEAD is served by GET where it is not declared (RFC 9110 §9.3.2). */
function methodsToTry(method: string): readonly string[] {
  return method === 'HEAD' ? ['HEAD', 'GET'] : [method]
}

function render({ status, value }: SuccessResponse, request: SampleRequest): SampleAnswer {
  if (value === undefined) return { status, headers: {}, body: null }
  const page = Array.isArray(value) ? pageOf(value, request.query) : undefined
  const headers = { 'content-type': 'application/json', ...page?.headers }
  if (request.method === 'HEAD') return { status, headers, body: null }
  return { status, headers, body: JSON.stringify(page?.items ?? echoId(value, request)) }
}
