import { type CustomLevels, findSmallest, type LevelWeights, type Sufficient, weighLevels } from '../access/smallest.ts'
import type { TokenContext } from '../access/policy.ts'
import { scopesInContext } from '../access/requirements.ts'
import { type CatalogSet, findOperation } from '../catalogs/catalogs.ts'
import type { CatalogEntry } from '../catalogs/catalog.ts'
import { DomainError } from '../errors.ts'
import { canonicalPath } from '../http/path.ts'
import type { SmallestAnswer, SmallestBody } from './smallest-schemas.ts'

type Credential = SmallestAnswer['credentials'][number]
/** The levels that there are: the custom ones, and how much each opens. */
interface Levels {
  readonly custom: CustomLevels
  readonly weights: LevelWeights
}
type Unknown = SmallestAnswer['unknown'][number]

/**
 * Which credential suffices for these requests: of which kind, with which scopes, and which level its owner needs.
 * Where none does for all, which ones do together.
 */
export function smallestFor(set: CatalogSet, custom: CustomLevels, { requests }: SmallestBody): SmallestAnswer {
  const found = requests.map(({ method, path }) => lookUp(set, method.toUpperCase(), path))
  const entries = [...new Set(found.flatMap(({ entry }) => entry ?? []))]
  const shut = entries.filter(
    ({ operation }) => contextsOf(operation.policy).length === 0 && !operation.policy.isPublic,
  )
  const open = entries.filter((entry) => !shut.includes(entry))
  const levels = { custom, weights: weighLevels(set.entries, custom) }
  const credentials = credentialsFor(open, ['application', 'user'], levels)
  const together = credentials.length > 0 ? [] : sharedOut(open, levels)
  const answer = {
    credentials,
    together,
    operations: entries.map(operationOf),
    unusable: shut.map(operationOf),
    unknown: found.flatMap(({ unknown }) => unknown ?? []),
  }
  const isSufficient = credentials.length > 0 && shut.length === 0 && answer.unknown.length === 0
  return { sufficient: isSufficient, summary: summaryOf(answer), ...answer }
}

function lookUp(set: CatalogSet, method: string, path: string): { entry?: CatalogEntry; unknown?: Unknown } {
  const { match, target } = findOperation(set, method, pathOf(path))
  if (match) return { entry: match.entry }
  const allowedMethods = target !== null && 'allowedMethods' in target ? [...target.allowedMethods] : []
  return { unknown: { method, path, allowedMethods } }
}

/** A path as documents write it, `/v3/sources/{id}`, is as good as one with an id in it. */
function pathOf(path: string): string {
  const canonical = canonicalPath((path.split(/[?#]/, 1)[0] ?? '').replaceAll(/\{[^{}/]*\}/g, '0'))
  if (canonical !== undefined) return canonical
  throw new DomainError('invalid', `No request has the path ${path}: it holds dot segments or odd characters.`)
}

function credentialsFor(
  entries: readonly CatalogEntry[],
  contexts: readonly TokenContext[],
  { weights, custom }: Levels,
): Credential[] {
  return contexts.flatMap((context) => {
    const found = findSmallest(entries, context, weights, custom)
    return found ? [credentialOf(found, entries)] : []
  })
}

/** One credential for what only users may call, another for what only applications may; what takes both goes along. */
function sharedOut(entries: readonly CatalogEntry[], levels: Levels): Credential[] {
  const forApplications = entries.filter(({ operation }) => contextsOf(operation.policy).join() === 'application')
  const forUsers = entries.filter((entry) => !forApplications.includes(entry))
  if (forApplications.length === 0 || forUsers.length === 0) return []
  const credentials = [
    ...credentialsFor(forUsers, ['user'], levels),
    ...credentialsFor(forApplications, ['application'], levels),
  ]
  return credentials.length === 2 ? credentials : []
}

function contextsOf(policy: CatalogEntry['operation']['policy']): TokenContext[] {
  return (['application', 'user'] as const).filter((context) => scopesInContext(policy, context) !== null)
}

const kinds: Record<TokenContext, string> = {
  application: 'an API client with the client credentials grant',
  user: 'a personal access token, or an API client that a person signs in to',
}

const credentialOf = (
  { context, scopes, userLevels, otherUserLevels }: Sufficient,
  entries: readonly CatalogEntry[],
): Credential => ({
  context,
  credential: kinds[context],
  scopes: [...scopes],
  userLevels: [...userLevels],
  otherUserLevels: [...otherUserLevels],
  operations: entries.map(({ method, path }) => `${method} ${path}`),
})

const operationOf = ({ operation }: CatalogEntry): SmallestAnswer['operations'][number] => ({
  method: operation.method,
  path: operation.path,
  operationId: operation.operationId,
  catalog: operation.catalog,
  experimental: operation.policy.isExperimental,
})

function summaryOf(answer: Omit<SmallestAnswer, 'sufficient' | 'summary'>): string {
  const { credentials, together, operations, unusable, unknown } = answer
  const [first] = credentials
  return [
    ...(unknown.length > 0
      ? [`${counted(unknown.length, 'request')} no catalog knows, so nothing suffices for them.`]
      : []),
    ...(unusable.length > 0 ? [`${counted(unusable.length, 'operation')} let nobody in.`] : []),
    operations.length === unusable.length ? 'There is nothing to find a credential for.' : first ? wordsOf(first) : '',
    ...(first === undefined && together.length > 0
      ? [
          `No one credential suffices: some operations refuse users, others applications. It takes two: ${together.map(wordsOf).join(' ')}`,
        ]
      : []),
    ...(first === undefined && together.length === 0 && operations.length > unusable.length
      ? ['No one credential suffices: no three user levels together open all of it.']
      : []),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function wordsOf({ credential, scopes, userLevels }: Credential): string {
  const withScopes = scopes.length === 0 ? 'without any scope' : `with ${scopes.join(' ')}`
  const owner = userLevels.length === 0 ? '' : `, of somebody with ${userLevels.join(' and ')}`
  return `${credential.charAt(0).toUpperCase()}${credential.slice(1)}, ${withScopes}${owner}.`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
