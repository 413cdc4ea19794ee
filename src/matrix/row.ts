import type { Operation, OperationPolicy } from '../access/policy.ts'

/** Who may call an operation, in one word. `denied`: nobody, because its document asks for what cannot be enforced. */
export type CallerContext = 'user' | 'user-or-application' | 'application' | 'any-token' | 'public' | 'denied'

/** What one operation demands, as the access matrix shows it. */
export interface MatrixRow {
  readonly version: string
  readonly method: string
  readonly path: string
  readonly operationId: string | null
  readonly summary: string | null
  readonly context: CallerContext
  /** Of these a token in user context needs one. */
  readonly userScopes: readonly string[]
  readonly applicationScopes: readonly string[]
  readonly userLevels: readonly string[]
  readonly experimental: boolean
  readonly deprecated: boolean
  /** Why the policy is assumed rather than declared; null when declared. */
  readonly assumed: string | null
  readonly catalog: string
}

/** An operation as the access matrix shows it. */
export function matrixRow({ policy, isDeprecated, ...operation }: Operation): MatrixRow {
  return {
    version: operation.version,
    method: operation.method,
    path: operation.path,
    operationId: operation.operationId,
    summary: operation.summary,
    context: contextOf(policy),
    userScopes: policy.userScopes ?? [],
    applicationScopes: policy.applicationScopes ?? [],
    userLevels: policy.userLevels,
    experimental: policy.isExperimental,
    deprecated: isDeprecated,
    assumed: policy.assumed,
    catalog: operation.catalog,
  }
}

function contextOf({
  isPublic,
  isAnyToken,
  userScopes,
  applicationScopes,
  userLevels,
}: OperationPolicy): CallerContext {
  if (isPublic) return 'public'
  const asksForNothing = userScopes?.length === 0 && applicationScopes?.length === 0 && userLevels.length === 0
  if (isAnyToken || asksForNothing) return 'any-token'
  if (userScopes && applicationScopes) return 'user-or-application'
  if (userScopes) return 'user'
  return applicationScopes ? 'application' : 'denied'
}
