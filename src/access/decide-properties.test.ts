import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decide } from './decide.ts'
import { type Fix, suggestFixes } from './fixes.ts'
import type { Principal } from './policy.ts'
import type { Question } from './question.ts'
import { applicationWith, operationWith, questionOf, userWith } from './question-fixtures.ts'
import { reasons } from './reasons.ts'

const anyScopes = fc.subarray([
  'sp:scopes:all',
  'sp:scopes:default',
  'orders:read',
  'orders:manage',
  'idn:identity:read',
])
const anyLevels = fc.subarray(['ORG_ADMIN', 'HELPDESK', 'CLERK', 'AUDITOR'])
const anyNamedLevels = fc.subarray(['ORG_ADMIN', 'CLERK', 'AUDITOR', 'Any', 'USER', 'API'])
const maybeScopes = fc.option(anyScopes)

const anyOperation = fc
  .record({
    isPublic: fc.constantFrom(false, false, false, true),
    isAnyToken: fc.constantFrom(false, false, false, true),
    userScopes: maybeScopes,
    applicationScopes: maybeScopes,
    userLevels: anyNamedLevels,
    isExperimental: fc.boolean(),
  })
  .map((policy) => operationWith(policy))

const anyPrincipal = fc.oneof(
  anyScopes.map((scopes) => applicationWith(scopes)),
  fc.record({ scopes: anyScopes, userLevels: anyLevels, customLevelScopes: anyScopes }).map((user) => userWith(user)),
)

const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    principal: anyPrincipal,
    operation: anyOperation,
    besides: fc.array(anyOperation, { maxLength: 3 }),
    tenantGrants: fc.dictionary(fc.constantFrom('orders:read', 'orders:manage'), anyNamedLevels),
    isAuthenticated: fc.boolean(),
    isWithinRate: fc.boolean(),
    experimentalHeader: fc.constantFrom('sent', 'not_sent', 'unknown'),
    target: fc.constantFrom('found', 'found', 'found', 'other methods', 'unknown'),
  })
  .map(({ principal, operation, besides, tenantGrants, ...rest }) => {
    const question = questionOf(principal, operation, { besides, tenantGrants })
    const targets = { found: question.target, 'other methods': { allowedMethods: ['PUT'] }, unknown: null }
    return {
      authentication: rest.isAuthenticated ? { principal } : { failure: { code: 'auth.expired', message: 'Expired.' } },
      rate: rest.isWithinRate ? { allowed: true } : { allowed: false, retryAfterSeconds: 1 },
      target: targets[rest.target],
      experimentalHeader: rest.experimentalHeader,
    }
  })

const withPrincipal = (question: Question, principal: Principal): Question => ({
  ...question,
  authentication: { principal },
})

test('the reason is the first failed check, and without one the request is allowed', () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const decision = decide(question)

      const first = decision.checks.find(({ outcome }) => outcome === 'fail')
      assert.deepEqual(decision.reason, first ? { code: first.code, message: first.message } : null)
      assert.equal(decision.status, decision.reason === null ? 200 : reasons[decision.reason.code])
      assert.equal(decision.allowed, first === undefined)
    }),
  )
})

test('every check says something, and has a code exactly if it failed', () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      for (const { outcome, code, message } of decide(question).checks) {
        assert.equal(code !== null, outcome === 'fail')
        assert.match(message, /^\S.*\.$/s)
      }
    }),
  )
})

test('a further scope or level never takes anything away', () => {
  fc.assert(
    fc.property(anyQuestion, anyScopes, anyLevels, (question, scopes, userLevels) => {
      fc.pre('principal' in question.authentication && decide(question).allowed)
      const { principal } = question.authentication

      const richer = withPrincipal(question, {
        ...principal,
        scopes: [...principal.scopes, ...scopes],
        userLevels: principal.context === 'user' ? [...principal.userLevels, ...userLevels] : [],
      })

      assert.equal(decide(richer).allowed, true)
    }),
  )
})

test('an identity without levels, default grants to everybody aside, opens only what is open to every user', () => {
  fc.assert(
    fc.property(anyOperation, (operation) => {
      const question = questionOf(userWith({ scopes: ['sp:scopes:all'] }), operation)
      const { isPublic, isAnyToken, userScopes, userLevels } = operation.policy
      fc.pre(!isPublic && !isAnyToken && decide(question).allowed)

      const isOpenToUsers = userLevels.includes('Any') || userLevels.includes('USER')
      const asksNothing = userScopes?.length === 0 || userScopes?.some((scope) => scope.startsWith('sp:scopes:'))
      assert.ok(isOpenToUsers || asksNothing)
    }),
  )
})

test('whoever follows the fixes, one after the other, is let through or sent to somebody', () => {
  fc.assert(
    fc.property(anyQuestion, (start) => {
      let question = start
      for (let step = 0; step < 8; step++) {
        const decision = decide(question)
        if (decision.allowed) return
        const [fix] = suggestFixes(question, decision)
        assert.ok(fix, `nothing is proposed for ${decision.reason?.code}`)
        if (['check_path', 'use_method', 'ask_administrator'].includes(fix.kind)) return
        question = follow(question, fix)
      }
      assert.fail(`still refused: ${decide(question).reason?.code}`)
    }),
  )
})

function follow(question: Question, fix: Fix): Question {
  if (fix.kind === 'wait') return { ...question, rate: { allowed: true } }
  if (fix.kind === 'send_header') return { ...question, experimentalHeader: 'sent' }
  const principal = 'principal' in question.authentication ? question.authentication.principal : userWith()
  if (fix.kind === 'add_scope') {
    return withPrincipal(question, { ...principal, scopes: [...principal.scopes, ...fix.scopes.slice(-1)] })
  }
  if (fix.kind === 'ask_for_level') {
    return withPrincipal(question, { ...principal, userLevels: [...principal.userLevels, ...fix.userLevels.slice(-1)] })
  }
  if (fix.kind === 'use_personal_access_token') return withPrincipal(question, userWith({ scopes: fix.scopes }))
  if (fix.kind === 'use_api_client') return withPrincipal(question, applicationWith(fix.scopes))
  return withPrincipal(question, principal)
}
