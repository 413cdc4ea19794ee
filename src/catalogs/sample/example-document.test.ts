import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { decide } from '../../access/decide.ts'
import { applicationWith, questionOf, userWith } from '../../access/question-fixtures.ts'
import { readDocument } from '../document/read-document.ts'
import { readOperations } from '../document/read-operations.ts'
import { buildSample } from './build-sample.ts'

const file = new URL('../../../examples/sample.openapi.yaml', import.meta.url)
const document = readDocument(readFileSync(file), 'sample.openapi.yaml')
const { operations, notes } = readOperations(document, { catalog: 'sample', prefix: '', schemes: {} })

const ALL = 'sp:scopes:all'
const admin = userWith({ scopes: [ALL], userLevels: ['ORG_ADMIN'] })
const helpdesk = userWith({ scopes: [ALL], userLevels: ['HELPDESK'] })
const clerk = userWith({ scopes: [ALL] })
const client = applicationWith([ALL])

function reasonFor(principal: typeof admin, path: string): string | null {
  const operation = operations.find((candidate) => candidate.method === 'GET' && candidate.path === path)
  assert.ok(operation)
  return decide(questionOf(principal, operation, { besides: operations })).reason?.code ?? null
}

test('the example document is taken as it stands', () => {
  assert.deepEqual(notes, [])
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
})

for (const [who, principal, path, reason] of [
  ['an administrator', admin, '/v2025/identities', null],
  ['the help desk', helpdesk, '/v2025/identities', null],
  ['an application', client, '/v2025/identities', 'context.user_required'],
  ['a person without levels', clerk, '/v2025/identities', 'scope.beyond_level'],
  ['a person without levels', clerk, '/v3/access-profiles', 'level.missing'],
  ['a person without levels', clerk, '/v3/account-activities', null],
  ['an application', client, '/v3/account-activities', 'context.user_required'],
  ['an application', client, '/v3/sources', null],
  ['an application without scopes', applicationWith(), '/v3/sources', 'scope.missing'],
  ['an administrator without the header', admin, '/v2025/machine-identities', 'header.experimental_required'],
  ['an application without scopes', applicationWith(), '/v3/ping', null],
] as const) {
  test(`in the example ${who} gets ${reason ?? 'through'} on ${path}`, () => {
    const code = reasonFor(principal, path)

    assert.equal(code, reason)
  })
}

test('every operation of the example has a body to answer with', () => {
  const sample = buildSample(document)
  const query = new URLSearchParams('count=true')

  for (const { method, path } of operations) {
    const answer = sample.answer({ method, path, parameters: ['b7e2d9c4a1f84d6e8c3b5a7f9e0d1c2b'], query })

    const value: unknown = JSON.parse(answer?.body ?? 'null')
    assert.ok(Array.isArray(value) ? value.length > 1 : JSON.stringify(value).length > 2, `${method} ${path}`)
  }
})
