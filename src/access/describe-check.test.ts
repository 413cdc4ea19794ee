import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckName } from './checks.ts'
import { decide } from './decide.ts'
import type { Question } from './question.ts'
import { applicationWith, operationWith, questionOf, userWith } from './question-fixtures.ts'

const admin = userWith({ scopes: ['sp:scopes:all'], userLevels: ['ORG_ADMIN'] })
const client = applicationWith(['sp:scopes:all'])
const scoped = operationWith({ userScopes: ['orders:read', 'orders:manage'], applicationScopes: null })
const experimental = operationWith({ isExperimental: true })

const checkOf = (name: CheckName, question: Question) => {
  const check = decide(question).checks.find((each) => each.name === name)
  assert.ok(check)
  return check
}

test('a client alone is told that the operation needs a user, and what was compared', () => {
  const { message, expected, actual } = checkOf('context', questionOf(client, scoped))

  assert.match(message, /needs a user\. The token belongs to the API client b61429f5-\S+, which acts without one/)
  assert.deepEqual([expected, actual], [['user'], 'application'])
})

test('a scope check beside a wrong context does not raise hopes', () => {
  const { message } = checkOf('scope', questionOf(client, scoped))

  assert.match(message, /sp:scopes:all, which contains every scope\. Scopes do not make up for the wrong context/)
})

test('a missing scope is told with those that would do and those that the token has', () => {
  const { message, expected, actual } = checkOf('scope', questionOf({ ...admin, scopes: ['x'] }, scoped))

  assert.match(message, /accepts: orders:read or orders:manage\.$/)
  assert.deepEqual([expected, actual], [['orders:read', 'orders:manage'], ['x']])
})

test('a missing level is told with those that would do and those that the identity holds', () => {
  const operation = operationWith({ userLevels: ['CLERK', 'API', 'AUDITOR'] })

  const { message, expected, actual } = checkOf('level', questionOf(admin, operation))

  assert.equal(message, 'The operation asks for the user level CLERK or AUDITOR. The identity holds ORG_ADMIN.')
  assert.deepEqual([expected, actual], [['CLERK', 'AUDITOR'], ['ORG_ADMIN']])
})

test('a scope beyond the levels is told with the levels that it is granted to', () => {
  const question = questionOf(userWith({ scopes: ['orders:read'] }), scoped)

  const { message, expected, actual } = checkOf('level', question)

  assert.equal(
    message,
    'orders:read: granted only to the user level ORG_ADMIN. The identity holds no user level. A token never exceeds its owner.',
  )
  assert.deepEqual([expected, actual], [['ORG_ADMIN'], []])
})

test('a scope that the tenant grants to nobody is told so', () => {
  const tenantGrants = { 'orders:read': [], 'orders:manage': [] }

  const { message, expected } = checkOf('level', questionOf(admin, scoped, { tenantGrants }))

  assert.match(message, /orders:read or orders:manage: granted to no user level/)
  assert.deepEqual(expected, [])
})

test('where every identity passes, the expected level says so', () => {
  const { expected } = checkOf('level', questionOf(userWith(), operationWith({})))

  assert.equal(expected, 'any identity')
})

test('with no request yet, an experimental operation passes with the hint to send the header', () => {
  const question = { ...questionOf(admin, experimental), experimentalHeader: 'unknown' } as const

  const { outcome, message, expected } = checkOf('experimental', question)

  assert.equal(outcome, 'pass')
  assert.match(message, /send the header X-SailPoint-Experimental: true/)
  assert.equal(expected, 'X-SailPoint-Experimental: true')
})

test('a failed authentication is told in the words it came with', () => {
  const failure = { code: 'auth.expired', message: 'The token expired 5 minutes ago.' } as const

  const { reason } = decide({ ...questionOf(admin, scoped), authentication: { failure } })

  assert.deepEqual(reason, failure)
})

test('a wrong method is told with the right ones', () => {
  const question = { ...questionOf(admin, scoped), target: { allowedMethods: ['GET', 'HEAD', 'PUT'] } }

  const { message, expected } = checkOf('operation', question)

  assert.equal(message, 'The path exists, but only for GET, HEAD and PUT.')
  assert.deepEqual(expected, ['GET', 'HEAD', 'PUT'])
})

test('the resource is never decided here, and the check says who decides', () => {
  const { outcome, message } = checkOf('resource', questionOf(admin, operationWith({})))

  assert.equal(outcome, 'not_reached')
  assert.match(message, /only the resource itself knows/i)
})

test('a bearer sent to a public operation is said to be ignored', () => {
  const { message } = checkOf('authentication', questionOf(admin, operationWith({ isPublic: true })))

  assert.match(message, /a token sent with it is ignored/)
})
