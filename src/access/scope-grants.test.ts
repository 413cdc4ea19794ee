import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operationWith, userWith } from './question-fixtures.ts'
import { buildScopeGrants, isGranted } from './scope-grants.ts'

const named = (scope: string, ...userLevels: string[]) => operationWith({ userScopes: [scope], userLevels })
const holder = (...userLevels: string[]) => userWith({ userLevels })

const nothing = buildScopeGrants([], {})
const union = buildScopeGrants([named('orders:read', 'CLERK'), named('orders:read', 'AUDITOR', 'API')], {})
const everybody = buildScopeGrants([named('orders:read', 'CLERK'), named('orders:read', 'Any')], {})
const withoutLevels = buildScopeGrants([named('orders:read'), named('orders:manage', 'API')], {})
const misleading = buildScopeGrants([named('idn:identity:read', 'SOURCE_ADMIN')], {})
const tenant = buildScopeGrants([named('orders:read', 'CLERK')], {
  'orders:read': ['AUDITOR'],
  'idn:identity:read': ['USER'],
  'orders:manage': [],
  'sp:scopes:all': ['ORG_ADMIN'],
})
const applications = buildScopeGrants(
  [operationWith({ userScopes: null, applicationScopes: ['orders:read'], userLevels: ['CLERK'] })],
  {},
)

for (const [promise, grants, scope, principal, expected] of [
  ['operations that name the scope grant it to their levels', union, 'orders:read', holder('CLERK'), true],
  ['every such operation counts', union, 'orders:read', holder('X', 'AUDITOR'), true],
  ['they take the place of the fallback', union, 'orders:read', holder('ORG_ADMIN'), false],
  ['API is nobody’s level', union, 'orders:read', holder('API'), false],
  ['Any grants it to everybody', everybody, 'orders:read', holder(), true],
  ['the scopes for applications name it too', applications, 'orders:read', holder('CLERK'), true],
  ['operations without levels leave it to ORG_ADMIN', withoutLevels, 'orders:read', holder('ORG_ADMIN'), true],
  ['and to nobody else', withoutLevels, 'orders:read', holder('CLERK'), false],
  ['API alone leaves it to ORG_ADMIN as well', withoutLevels, 'orders:manage', holder('ORG_ADMIN'), true],
  ['a scope that no operation names is ORG_ADMIN’s', nothing, 'orders:read', holder('ORG_ADMIN'), true],
  ['and nobody else’s', nothing, 'orders:read', holder('CLERK'), false],
  ['a default grant holds without operations', nothing, 'sp:auth-user:read', holder('HELPDESK'), true],
  ['a default grant to everybody needs no level', nothing, 'sp:my-personal-access-tokens:read', holder(), true],
  ['a default grant replaces what operations say', misleading, 'idn:identity:read', holder('SOURCE_ADMIN'), false],
  ['the tenant replaces what operations say', tenant, 'orders:read', holder('CLERK'), false],
  ['with what it says itself', tenant, 'orders:read', holder('AUDITOR'), true],
  ['the tenant replaces a default grant', tenant, 'idn:identity:read', holder(), true],
  ['the tenant may grant a scope to nobody', tenant, 'orders:manage', holder('ORG_ADMIN'), false],
  ['sp:scopes:all stays granted to everybody', tenant, 'sp:scopes:all', holder(), true],
  ['so does sp:scopes:default', nothing, 'sp:scopes:default', holder(), true],
  ['a custom level grants its scopes', nothing, 'orders:read', userWith({ customLevelScopes: ['orders:read'] }), true],
  ['a scope is no property name', nothing, '__proto__', holder('CLERK'), false],
] as const) {
  test(promise, () => {
    assert.equal(isGranted(grants, scope, principal), expected)
  })
}
