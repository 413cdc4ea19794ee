import type { OperationPolicy, TokenContext } from '../../access/policy.ts'
import type { AddNote } from './import-note.ts'
import { pointerTo } from './json-pointer.ts'
import { type Alternative, MAX_SCOPES, readAlternative, type SchemeContexts } from './read-alternative.ts'

/** The part of an operation's policy that its security decides. */
export type SecurityPolicy = Pick<
  OperationPolicy,
  'isPublic' | 'isAnyToken' | 'userScopes' | 'applicationScopes' | 'assumed'
>

interface SecurityOptions {
  readonly schemes: SchemeContexts
  readonly note: AddNote
}

const MAX_ALTERNATIVES = 20

const nobody = { isPublic: false, isAnyToken: false, userScopes: null, applicationScopes: null, assumed: null }
const anybody = { isPublic: true, isAnyToken: false, userScopes: [], applicationScopes: [], assumed: null }

/** Any valid token will do, for want of something better in the document. */
export function assumeAnyToken(assumed: string): SecurityPolicy {
  return { isPublic: false, isAnyToken: true, userScopes: [], applicationScopes: [], assumed }
}

/** Does the policy let nobody in at all? */
export function admitsNobody({ isPublic, isAnyToken, userScopes, applicationScopes }: SecurityPolicy): boolean {
  return !isPublic && !isAnyToken && userScopes === null && applicationScopes === null
}

/** The same policy without its way in for users; a public one stays public. */
export function closeToUsers(policy: SecurityPolicy): SecurityPolicy {
  if (policy.isPublic) return policy
  return { ...policy, isAnyToken: false, userScopes: null }
}

/** Reads a `security` list, whose entries are alternatives. What cannot be enforced lets nobody in, and is noted. */
export function readSecurity(security: unknown, pointer: string, { schemes, note }: SecurityOptions): SecurityPolicy {
  if (!Array.isArray(security) || security.length > MAX_ALTERNATIVES) {
    note('unusable', pointer, `Security must be a list of at most ${MAX_ALTERNATIVES} alternatives.`)
    return nobody
  }
  if (security.length === 0) {
    note('assumed', pointer, 'An empty security list is taken for a slip: any valid token will do.')
    return assumeAnyToken('The security list is empty.')
  }
  const alternatives = security.map((entry: unknown, position) => {
    const alternative = readAlternative(entry, schemes)
    if (alternative.kind === 'unusable') note('unusable', pointerTo(pointer, position), alternative.problem)
    return alternative
  })
  return mergeAlternatives(alternatives, pointer, note)
}

function mergeAlternatives(alternatives: readonly Alternative[], pointer: string, note: AddNote): SecurityPolicy {
  if (alternatives.some(({ kind }) => kind === 'public')) {
    if (alternatives.length > 1)
      note('assumed', pointer, 'One alternative is {}: anybody may call, tokens are ignored.')
    return anybody
  }
  const userScopes = mergeScopes(alternatives, 'user')
  const applicationScopes = mergeScopes(alternatives, 'application')
  if (Math.max(userScopes?.length ?? 0, applicationScopes?.length ?? 0) <= MAX_SCOPES) {
    return { ...nobody, userScopes, applicationScopes }
  }
  note('unusable', pointer, `The alternatives name more than ${MAX_SCOPES} scopes.`)
  return nobody
}

function mergeScopes(alternatives: readonly Alternative[], context: TokenContext): readonly string[] | null {
  const lists = alternatives.flatMap((alternative) =>
    alternative.kind === 'token' && (alternative.context === context || alternative.context === 'any')
      ? [alternative.scopes]
      : [],
  )
  if (lists.length === 0) return null
  return lists.some((scopes) => scopes.length === 0) ? [] : [...new Set(lists.flat())]
}
