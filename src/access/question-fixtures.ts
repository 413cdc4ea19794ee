import type { Operation, OperationPolicy, Principal } from './policy.ts'
import type { Question } from './question.ts'
import { buildScopeGrants } from './scope-grants.ts'

/** An operation for tests: one that any valid token may call, unless told otherwise. */
export function operationWith(policy: Partial<OperationPolicy>, overrides: Partial<Operation> = {}): Operation {
  return {
    catalog: 'orders',
    version: 'v3',
    method: 'GET',
    path: '/v3/orders/{id}',
    operationId: 'getOrder',
    summary: null,
    isDeprecated: false,
    policy: {
      isPublic: false,
      isAnyToken: false,
      userScopes: [],
      applicationScopes: [],
      userLevels: [],
      isExperimental: false,
      assumed: null,
      ...policy,
    },
    ...overrides,
  }
}

/** A token of a person, for tests: of one who holds no user level, and with no scope, unless told otherwise. */
export function userWith(overrides: Partial<Principal> = {}): Principal {
  return {
    context: 'user',
    clientId: '86f1dc6fe8f54414950454cbb11278fa',
    scopes: [],
    identityId: 'ff80818155fe8c080155fe8d925b0316',
    userLevels: [],
    customLevelScopes: [],
    ...overrides,
  }
}

/** A token of an API client alone, for tests. */
export function applicationWith(scopes: readonly string[] = []): Principal {
  return {
    context: 'application',
    clientId: 'b61429f5-203d-494c-94c3-04f54e17bc5c',
    scopes,
    identityId: null,
    userLevels: [],
    customLevelScopes: [],
  }
}

/** What one principal asks of one operation, for tests. The catalog holds that operation and those given besides. */
export function questionOf(
  principal: Principal,
  operation: Operation,
  { besides = [], tenantGrants = {} }: { besides?: Operation[]; tenantGrants?: Record<string, string[]> } = {},
): Question {
  return {
    authentication: { principal },
    rate: { allowed: true },
    target: { operation, grants: buildScopeGrants([operation, ...besides], tenantGrants) },
    experimentalHeader: 'not_sent',
  }
}
