import { answerCheck } from './answer-schema.ts'
import { bodies, knownIds, rightStatuses } from './bodies.ts'
import type { DemoServer } from './demo-server.ts'
import { type Document, nameless, type PublishedOperation } from './published.ts'

/** How an operation of a version did: `uncalled` when we serve it and no call of it is written down here. */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'uncalled' | 'absent'
  readonly version: string
  readonly operation: string
  readonly problem?: string
}

interface Published {
  readonly document: Document
  readonly operations: readonly PublishedOperation[]
}

/** What belongs to tokens, people and settings; of everything else it is no surprise that we have it not. */
const OURS =
  /^\/(?:personal-access-tokens|oauth-clients|auth-users|auth-org|auth-profiles|identities|public-identities|public-identities-config|tenant|tenant-context|org-config|api-usage|authorization)(?:\/|$)/

const ORDER = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE']
const UNKNOWN_ID = '0'.repeat(32)

/** Calls every operation of a version that the server has, and holds the answers against the document. */
export async function runVersion(
  server: DemoServer,
  version: string,
  { document, operations }: Published,
): Promise<Verdict[]> {
  const served = await servedOperations(server, version)
  const check = answerCheck(document)
  const ids = new Map<string, string>()
  const verdicts: Verdict[] = []
  for (const { method, path, operation } of inOrder(operations)) {
    const name = `${method} ${path}`
    const verdict = { version, operation: name }
    if (!served.has(name)) {
      verdicts.push({ ...verdict, outcome: 'absent' })
      continue
    }
    const body = bodies[name]
    const id = knownIds[name]?.(version) ?? ids.get(parentOf(path))
    const address = path.includes('{}') ? id && path.replace('{}', id).replaceAll('{}', UNKNOWN_ID) : path
    if (address === undefined || (body === undefined && !/^(?:GET|DELETE)$/.test(method))) {
      verdicts.push({
        ...verdict,
        outcome: 'uncalled',
        problem: 'no call is written down in tools/conformance/bodies.ts',
      })
      continue
    }
    const answer = await server.call(method, `/${version}${address}`, body?.(version))
    rememberId(ids, path, answer.body)
    const isRight = name in rightStatuses ? answer.status === rightStatuses[name] : answer.status < 300
    const problem = isRight
      ? check(operation, answer.status, answer.body)
      : `answers ${answer.status}: ${JSON.stringify(answer.body)}`
    verdicts.push(problem === undefined ? { ...verdict, outcome: 'pass' } : { ...verdict, outcome: 'fail', problem })
  }
  return verdicts
}

const inOrder = (operations: readonly PublishedOperation[]): PublishedOperation[] =>
  operations
    .filter(({ path }) => OURS.test(path))
    .toSorted((one, other) => ORDER.indexOf(one.method) - ORDER.indexOf(other.method))

async function servedOperations(server: DemoServer, version: string): Promise<Set<string>> {
  const { body } = await server.call('GET', `/sallyport/v1/openapi.json?layout=${version}`)
  const { paths } = body as { paths: Record<string, object> } // our own document
  return new Set(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${nameless(path.slice(version.length + 1))}`),
    ),
  )
}

const parentOf = (path: string): string => path.slice(0, path.indexOf('/{}'))

/** The id of what was made or listed first is that of the paths below. */
function rememberId(ids: Map<string, string>, path: string, body: unknown): void {
  if (path.includes('{}') || ids.has(path)) return
  const thing: unknown = Array.isArray(body) ? body[0] : body
  if (typeof thing === 'object' && thing !== null && 'id' in thing && typeof thing.id === 'string')
    ids.set(path, thing.id)
}
