import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decide.ts'
import { type Fix, suggestFixes } from './fixes.ts'
import type { Question } from './question.ts'
import { applicationWith, operationWith, questionOf, userWith } from './question-fixtures.ts'
import type { ReasonCode } from './reasons.ts'

const READ = 'orders:read'
const MANAGE = 'orders:manage'
const open = operationWith({})
const usersOnly = operationWith({ userScopes: [READ], applicationScopes: null })
const applicationsOnly = operationWith({ userScopes: null, applicationScopes: [READ] })
const readOrManage = operationWith({ userScopes: [READ, MANAGE] })
const clerksRead = operationWith({ userScopes: [READ], userLevels: ['CLERK'] })
const clerk = userWith({ userLevels: ['CLERK'] })
const clerksMayManage = { tenantGrants: { [READ]: ['AUDITOR'], [MANAGE]: ['CLERK'] } }

const fixesFor = (question: Question): readonly Fix[] => suggestFixes(question, decide(question))
const refused = (code: ReasonCode): Question => ({
  ...questionOf(clerk, open),
  authentication: { failure: { code, message: 'No.' } },
})

/** The parts of a fix that a program acts on. */
const acts = (fixes: readonly Fix[]) =>
  fixes.map((fix) => Object.fromEntries(Object.entries(fix).filter(([key]) => key !== 'message')))

for (const [promise, question, expected] of [
  ['an allowed request needs none', questionOf(clerk, open), []],
  ['a missing token is sent', refused('auth.missing'), [{ kind: 'send_token' }]],
  ['a token out of time is renewed', refused('auth.expired'), [{ kind: 'get_new_token' }]],
  ['a disabled client is enabled by an administrator', refused('client.disabled'), [{ kind: 'ask_administrator' }]],
  [
    'too many requests wait',
    { ...questionOf(clerk, open), rate: { allowed: false, retryAfterSeconds: 7 } },
    [{ kind: 'wait', seconds: 7 }],
  ],
  ['an unknown path is checked', { ...questionOf(clerk, open), target: null }, [{ kind: 'check_path' }]],
  [
    'a wrong method is replaced',
    { ...questionOf(clerk, open), target: { allowedMethods: ['GET', 'HEAD'] } },
    [{ kind: 'use_method', methods: ['GET', 'HEAD'] }],
  ],
  [
    'an experimental operation gets its header',
    questionOf(clerk, operationWith({ isExperimental: true })),
    [{ kind: 'send_header', header: 'X-SailPoint-Experimental: true' }],
  ],
  [
    'a client alone is replaced by a personal access token, whatever its scopes',
    questionOf(applicationWith(), usersOnly),
    [{ kind: 'use_personal_access_token', scopes: [READ] }],
  ],
  [
    'a user is replaced by an API client, whatever the levels',
    questionOf(userWith(), applicationsOnly),
    [{ kind: 'use_api_client', scopes: [READ] }],
  ],
  [
    'an operation that nobody can call needs an administrator',
    questionOf(clerk, operationWith({ userScopes: null, applicationScopes: null })),
    [{ kind: 'ask_administrator' }],
  ],
  [
    'a missing scope is added: any one of those accepted',
    questionOf(applicationWith(), operationWith({ applicationScopes: [READ, MANAGE] })),
    [{ kind: 'add_scope', scopes: [READ, MANAGE] }],
  ],
  [
    'of the missing scopes, those beyond the levels of the identity are not proposed',
    questionOf(clerk, readOrManage, clerksMayManage),
    [{ kind: 'add_scope', scopes: [MANAGE] }],
  ],
  [
    'for a level that the operation names, all of them are proposed',
    questionOf(clerk, operationWith({ userScopes: [READ, MANAGE], userLevels: ['CLERK', 'Any'] }), clerksMayManage),
    [{ kind: 'add_scope', scopes: [READ, MANAGE] }],
  ],
  [
    'a missing level is asked for',
    questionOf(userWith({ scopes: [READ] }), clerksRead),
    [{ kind: 'ask_for_level', userLevels: ['CLERK'] }],
  ],
  [
    'a scope beyond the levels gives way to one within them, or to a level',
    questionOf({ ...clerk, scopes: [READ] }, readOrManage, clerksMayManage),
    [
      { kind: 'add_scope', scopes: [MANAGE] },
      { kind: 'ask_for_level', userLevels: ['AUDITOR'] },
    ],
  ],
  [
    'a scope granted to no level needs an administrator',
    questionOf({ ...clerk, scopes: [READ] }, usersOnly, { tenantGrants: { [READ]: [] } }),
    [{ kind: 'ask_administrator' }],
  ],
  [
    'several failures are fixed smallest first',
    questionOf(userWith(), operationWith({ userScopes: [READ], userLevels: ['CLERK'], isExperimental: true })),
    [
      { kind: 'send_header', header: 'X-SailPoint-Experimental: true' },
      { kind: 'add_scope', scopes: [READ] },
      { kind: 'ask_for_level', userLevels: ['CLERK'] },
    ],
  ],
] as const satisfies readonly (readonly [string, Question, readonly object[]])[]) {
  test(promise, () => {
    assert.deepEqual(acts(fixesFor(question)), expected)
  })
}

test('whoever comes with a client alone learns that more scopes do not change who acts', () => {
  const [fix] = fixesFor(questionOf(applicationWith(['sp:scopes:all']), usersOnly))

  assert.match(fix?.message ?? '', /personal access token .* act as a person/)
  assert.match(
    fix?.message ?? '',
    /more scopes do not change that\. Its scope must include orders:read or sp:scopes:all/,
  )
})

test('whoever lacks a scope learns that a token keeps its own', () => {
  const [fix] = fixesFor(questionOf(applicationWith(), operationWith({ applicationScopes: [READ] })))

  assert.match(fix?.message ?? '', /orders:read to the credential, then get a new token/)
})
