import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { decide } from './decide.ts'
import type { Operation, OperationPolicy, Principal, TokenContext } from './policy.ts'
import type { Target } from './question.ts'
import { applicationWith, operationWith, userWith } from './question-fixtures.ts'
import { buildScopeGrants } from './scope-grants.ts'
import { findSmallest, weighLevels } from './smallest.ts'

const user = (userScopes: string[], ...userLevels: string[]) => ({ userScopes, applicationScopes: null, userLevels })
const both = (scopes: string[], ...userLevels: string[]) => ({
  userScopes: scopes,
  applicationScopes: scopes,
  userLevels,
})

/** Operations of one catalog, each with a path of its own. */
function targetsOf(policies: readonly Partial<OperationPolicy>[]): Target[] {
  const operations: Operation[] = policies.map((policy, at) => operationWith(policy, { path: `/v3/${at}` }))
  const grants = buildScopeGrants(operations, {})
  return operations.map((operation) => ({ operation, grants }))
}

function smallest(policies: readonly Partial<OperationPolicy>[], context: TokenContext = 'user') {
  const targets = targetsOf(policies)
  return findSmallest(targets, context, weighLevels(targets))
}

test('of a custom level and a built-in one that open as much the built-in one is chosen, and the other told', () => {
  const targets = targetsOf([user(['a'], 'HELPDESK')])
  const custom = new Map([
    ['0-custom', ['a']],
    ['1-idle', ['b']],
  ])

  const found = findSmallest(targets, 'user', weighLevels(targets, custom), custom)

  assert.deepEqual([found?.userLevels, found?.otherUserLevels], [['HELPDESK'], ['0-custom']])
})

test('custom levels without number do not hide what built-in levels open together', () => {
  const targets = targetsOf([user(['a'], 'HELPDESK'), user(['b'], 'CERT_ADMIN'), user(['c'], 'ROLE_ADMIN')])
  const custom = new Map(Array.from({ length: 100 }, (_, turn) => [`custom ${turn}`, ['a']] as const))

  const found = findSmallest(targets, 'user', weighLevels(targets, custom), custom)

  assert.deepEqual(found?.userLevels.toSorted(), ['CERT_ADMIN', 'HELPDESK', 'ROLE_ADMIN'])
})

for (const [promise, policies, context, scopes, userLevels] of [
  ['nothing asked for needs nothing', [], 'user', [], []],
  ['a public operation needs nothing', [{ isPublic: true, userScopes: null, applicationScopes: null }], 'user', [], []],
  ['any token needs no scope', [{ isAnyToken: true }], 'application', [], []],
  ['an empty list of scopes needs none', [both([])], 'application', [], []],
  [
    'one scope that all take is enough',
    [both(['a', 'x']), both(['b', 'x']), both(['x', 'c'])],
    'application',
    ['x'],
    [],
  ],
  ['reading beats managing', [both(['a:manage', 'a:read'])], 'application', ['a:read'], []],
  ['two scopes beat three', [both(['a', 'b']), both(['b', 'c']), both(['c', 'd'])], 'application', ['b', 'c'], []],
  ['all scopes are asked for only where nothing less does', [both(['sp:scopes:all', 'a'])], 'application', ['a'], []],
  [
    'where all scopes are needed, no other is',
    [both(['sp:scopes:all']), both(['a'])],
    'application',
    ['sp:scopes:all'],
    [],
  ],
  ['the default scope is had by every token', [both(['sp:scopes:default', 'a'])], 'application', [], []],
  ['a level that is named is needed', [user(['a'], 'HELPDESK')], 'user', ['a'], ['HELPDESK']],
  [
    'a level is found by the scope that is granted to it',
    [user(['a']), user(['a'], 'HELPDESK')],
    'user',
    ['a'],
    ['HELPDESK'],
  ],
  ['a scope that nobody names beside a level needs ORG_ADMIN', [user(['a'])], 'user', ['a'], ['ORG_ADMIN']],
  ['an operation for any user needs no level', [user(['a'], 'Any')], 'user', ['a'], []],
  [
    'the level that opens less is taken',
    [user(['a'], 'ORG_ADMIN', 'B'), user(['b'], 'ORG_ADMIN')].slice(0, 1),
    'user',
    ['a'],
    ['B'],
  ],
  ['two levels are taken where no one does', [user(['a'], 'A'), user(['a'], 'B')], 'user', ['a'], ['A', 'B']],
] as const) {
  test(promise, () => {
    const found = smallest(policies, context)

    assert.deepEqual([found?.scopes, found?.userLevels], [scopes, userLevels])
  })
}

test('an operation that takes no token of a context leaves that context out', () => {
  assert.equal(smallest([user(['a'])], 'application'), undefined)
  assert.equal(smallest([{ userScopes: null, applicationScopes: ['a'] }], 'user'), undefined)
  assert.equal(smallest([{ userScopes: null, applicationScopes: null }], 'user'), undefined)
})

test('other levels that would do are told', () => {
  const found = smallest([user(['a'], 'A', 'B', 'C')])

  assert.deepEqual([found?.userLevels, found?.otherUserLevels], [['A'], ['B', 'C']])
})

test('a level that needs other scopes is not told as one that would do', () => {
  const found = smallest([user(['a', 'b']), user(['a'], 'A'), user(['b'], 'B')].slice(0, 1))

  assert.deepEqual(found?.otherUserLevels, [])
})

const words = (...of: string[]) => fc.uniqueArray(fc.constantFrom(...of), { maxLength: 3 })
const anyPolicy = fc.record({
  userScopes: fc.option(words('a:read', 'a:manage', 'b', 'c', 'sp:scopes:all', 'sp:scopes:default')),
  applicationScopes: fc.option(words('a:read', 'b', 'd')),
  userLevels: words('ORG_ADMIN', 'HELPDESK', 'AUDITOR', 'Any', 'API'),
})

test('what is found is let through everywhere, and no scope or level of it can be left out', () => {
  fc.assert(
    fc.property(fc.array(anyPolicy, { maxLength: 6 }), fc.constantFrom('user', 'application'), (policies, context) => {
      const targets = targetsOf(policies)
      const found = findSmallest(targets, context, weighLevels(targets))
      if (!found) return
      const { scopes, userLevels } = found

      assert.ok(passesAll(targets, context, scopes, userLevels))
      for (const scope of scopes) assert.ok(!passesAll(targets, context, without(scopes, scope), userLevels))
      for (const level of userLevels) assert.ok(!passesAll(targets, context, scopes, without(userLevels, level)))
    }),
    { numRuns: 1000 },
  )
})

test('where nothing is found, not even all scopes with every level are let through', () => {
  fc.assert(
    fc.property(fc.array(anyPolicy, { maxLength: 6 }), fc.constantFrom('user', 'application'), (policies, context) => {
      const targets = targetsOf(policies)
      const levels = context === 'user' ? ['ORG_ADMIN', 'HELPDESK', 'AUDITOR'] : []

      const found = findSmallest(targets, context, weighLevels(targets))

      assert.equal(found !== undefined, passesAll(targets, context, ['sp:scopes:all'], levels))
    }),
    { numRuns: 1000 },
  )
})

test('five hundred operations with many scopes are answered in good time', () => {
  const scopes = Array.from({ length: 60 }, (_, at) => `s${at}`)
  const policies = Array.from({ length: 500 }, (_, at) =>
    user(
      [0, 7, 19, 31].map((step) => scopes[(at * 3 + step * at) % 60] ?? ''),
      `L${at % 9}`,
      'ORG_ADMIN',
    ),
  )

  const takenMs = cpuTimeMs(() => assert.deepEqual(smallest(policies)?.userLevels, ['ORG_ADMIN']))

  assert.ok(takenMs < 5000, `${takenMs} ms`)
})

const without = (list: readonly string[], one: string): string[] => list.filter((each) => each !== one)

function passesAll(
  targets: readonly Target[],
  context: TokenContext,
  scopes: readonly string[],
  userLevels: readonly string[],
): boolean {
  const principal: Principal = context === 'user' ? userWith({ scopes, userLevels }) : applicationWith(scopes)
  return targets.every(
    (target) =>
      decide({ authentication: { principal }, rate: { allowed: true }, target, experimentalHeader: 'unknown' }).allowed,
  )
}
