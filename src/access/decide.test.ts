import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decide.ts'
import type { Question } from './question.ts'
import { applicationWith, operationWith, questionOf as ask, userWith } from './question-fixtures.ts'
import { type ReasonCode, reasons } from './reasons.ts'

const ALL = 'sp:scopes:all'
const DEFAULT = 'sp:scopes:default'
const READ = 'orders:read'
const MANAGE = 'orders:manage'

const admin = (...scopes: string[]) => userWith({ scopes, userLevels: ['ORG_ADMIN'] })
const clerk = (...scopes: string[]) => userWith({ scopes, userLevels: ['CLERK'] })
const nobody = (...scopes: string[]) => userWith({ scopes })
const helpdesk = userWith({ scopes: [ALL], userLevels: ['HELPDESK'] })
const calledApi = userWith({ scopes: [ALL], userLevels: ['API'] })
const custom = (...customLevelScopes: string[]) =>
  userWith({ scopes: [ALL], userLevels: ['6a2c8e5d-9b1f-4f6e-8a57-3f6f3f1f0a11'], customLevelScopes })
const application = (...scopes: string[]) => applicationWith(scopes)

const open = operationWith({})
const isPublic = operationWith({ isPublic: true, isExperimental: true })
const isAnyToken = operationWith({ isAnyToken: true, userScopes: null, applicationScopes: null })
const isExperimental = operationWith({ isExperimental: true })
const unusable = operationWith({ userScopes: null, applicationScopes: null })
const unusableForClerks = operationWith({ userScopes: null, applicationScopes: null, userLevels: ['CLERK'] })
const usersOnly = operationWith({ userScopes: [READ], applicationScopes: null })
const applicationsOnly = operationWith({ userScopes: null, applicationScopes: [READ] })
const clerksAsked = operationWith({ userLevels: ['CLERK'] })
const clerksRead = operationWith({ userScopes: [READ], applicationScopes: [READ], userLevels: ['CLERK', 'API'] })
const readOrManage = operationWith({ userScopes: [READ, MANAGE] })
const differs = operationWith({ userScopes: [READ], applicationScopes: [MANAGE] })
const needs = (...userScopes: string[]) => operationWith({ userScopes })
const levels = (...userLevels: string[]) => operationWith({ userScopes: [READ], userLevels })

const but = (overrides: Partial<Question>, principal = admin(ALL), operation = open): Question => ({
  ...ask(principal, operation),
  ...overrides,
})
const refusedWith = (code: ReasonCode) => ({ authentication: { failure: { code, message: 'No.' } } })
const tooFast = { rate: { allowed: false, retryAfterSeconds: 7 } } as const
const sent = { experimentalHeader: 'sent' } as const
const unknownPath = { target: null }
const otherMethods = { target: { allowedMethods: ['GET', 'HEAD'] } }

/** The outcomes stand for the eight checks in order: P pass, F fail, - not reached. */
type Row = [promise: string, question: Question, answer: 200 | ReasonCode, outcomes: string]

const authentication: Row[] = [
  ['a valid token passes', ask(admin(ALL), open), 200, 'PPPPPPP-'],
  ['a missing token is refused', but(refusedWith('auth.missing')), 'auth.missing', 'F-PP----'],
  ['an expired token is refused', but(refusedWith('auth.expired')), 'auth.expired', 'F-PP----'],
  ['a disabled owner is refused', but(refusedWith('owner.disabled')), 'owner.disabled', 'F-PP----'],
  ['a forbidden network is refused', but(refusedWith('network.denied')), 'network.denied', 'F-PP----'],
  ['a node that is behind refuses', but(refusedWith('state.stale')), 'state.stale', 'F-PP----'],
]

const publicOperations: Row[] = [
  ['a public operation is served to anybody', ask(nobody(), isPublic), 200, '--P-----'],
  ['a bad bearer does not matter there', but(refusedWith('auth.invalid'), nobody(), isPublic), 200, '--P-----'],
  ['nor does the rate of the client', but(tooFast, nobody(), isPublic), 200, '--P-----'],
]

const rateAndOperation: Row[] = [
  ['too many requests are refused', but(tooFast), 'rate.limited', 'PFPPPPP-'],
  ['an unknown path is refused', but(unknownPath), 'operation.unknown', 'PPF-----'],
  ['a known path under other methods is refused', but(otherMethods), 'operation.method_not_allowed', 'PPF-----'],
]

const experimentalHeader: Row[] = [
  ['it is asked for', ask(admin(ALL), isExperimental), 'header.experimental_required', 'PPPFPPP-'],
  ['sent, it passes', but(sent, admin(ALL), isExperimental), 200, 'PPPPPPP-'],
  [
    'with no request yet, it passes',
    but({ experimentalHeader: 'unknown' }, admin(ALL), isExperimental),
    200,
    'PPPPPPP-',
  ],
]

const context: Row[] = [
  ['a client alone may not act as a user', ask(application(READ), usersOnly), 'context.user_required', 'PPPPFP--'],
  ['all scopes do not change that', ask(application(ALL), usersOnly), 'context.user_required', 'PPPPFP--'],
  ['a client alone may do what takes both', ask(application(READ), clerksRead), 200, 'PPPPPP--'],
  ['a user may not act as a client', ask(admin(ALL), applicationsOnly), 'context.application_required', 'PPPPFPP-'],
  ['any token will do for a user', ask(nobody(), isAnyToken), 200, 'PPPPPPP-'],
  ['any token will do for a client alone', ask(application(), isAnyToken), 200, 'PPPPPP--'],
  ['what no token can open stays shut for users', ask(admin(ALL), unusable), 'operation.unusable', 'PPPPF---'],
  ['what no token can open stays shut for clients', ask(application(ALL), unusable), 'operation.unusable', 'PPPPF---'],
  ['its named levels are still compared', ask(nobody(ALL), unusableForClerks), 'operation.unusable', 'PPPPF-F-'],
]

const scope: Row[] = [
  ['no scope is needed where none is asked', ask(nobody(), open), 200, 'PPPPPPP-'],
  ['every token meets sp:scopes:default', ask(nobody(), needs(DEFAULT)), 200, 'PPPPPPP-'],
  ['a token with sp:scopes:all meets every scope', ask(admin(ALL), needs(READ)), 200, 'PPPPPPP-'],
  ['one of several is enough', ask(admin(MANAGE, 'x'), needs(READ, MANAGE)), 200, 'PPPPPPP-'],
  ['another scope is not enough', ask(admin('x'), needs(READ)), 'scope.missing', 'PPPPPFP-'],
  ['sp:scopes:default is not enough', ask(admin(DEFAULT), needs(READ)), 'scope.missing', 'PPPPPFP-'],
  ['no scope is not enough', ask(application(), clerksRead), 'scope.missing', 'PPPPPF--'],
  ['sp:scopes:all asked for is met by it alone', ask(admin(READ), needs(ALL)), 'scope.missing', 'PPPPPFP-'],
  ['scopes compare with case', ask(admin('Orders:Read'), needs(READ)), 'scope.missing', 'PPPPPFP-'],
  ['users need the scopes for users', ask(admin(MANAGE), differs), 'scope.missing', 'PPPPPFP-'],
  ['clients need the scopes for clients', ask(application(READ), differs), 'scope.missing', 'PPPPPF--'],
]

const namedLevels: Row[] = [
  ['one of the named levels passes', ask(clerk(READ), levels('X', 'CLERK')), 200, 'PPPPPPP-'],
  ['another level is refused', ask(admin(ALL), levels('X', 'CLERK')), 'level.missing', 'PPPPPPF-'],
  ['no level is refused', ask(nobody(ALL), levels('CLERK')), 'level.missing', 'PPPPPPF-'],
  ['they hold where no scope is asked', ask(nobody(ALL), clerksAsked), 'level.missing', 'PPPPPPF-'],
  ['they do not concern a client alone', ask(application(READ), clerksRead), 200, 'PPPPPP--'],
  ['API beside them admits no user', ask(calledApi, clerksRead), 'level.missing', 'PPPPPPF-'],
  ['Any admits every user', ask(nobody(READ), levels('Any')), 200, 'PPPPPPP-'],
  ['USER beside others admits every user', ask(nobody(READ), levels('CLERK', 'USER')), 200, 'PPPPPPP-'],
]

const toClerks = { tenantGrants: { [READ]: ['CLERK'], [MANAGE]: ['ORG_ADMIN'] } }
const toOthers = { tenantGrants: { [READ]: ['X'], [MANAGE]: ['ORG_ADMIN'] } }
const beyond = 'scope.beyond_level'

const grantsOfScopes: Row[] = [
  ['a scope granted to a level passes', ask(clerk(READ), readOrManage, toClerks), 200, 'PPPPPPP-'],
  ['one granted to others is refused', ask(clerk(READ), readOrManage, toOthers), beyond, 'PPPPPPF-'],
  ['only scopes of the token count', ask(clerk(MANAGE), readOrManage, toClerks), beyond, 'PPPPPPF-'],
  ['with sp:scopes:all every required one counts', ask(clerk(ALL), readOrManage, toClerks), 200, 'PPPPPPP-'],
  ['all scopes never exceed the owner', ask(nobody(ALL), readOrManage, toClerks), beyond, 'PPPPPPF-'],
  ['without a word about it ORG_ADMIN passes', ask(admin(READ), usersOnly), 200, 'PPPPPPP-'],
  ['without a word about it others are refused', ask(clerk(READ), usersOnly), beyond, 'PPPPPPF-'],
  ['levels of other operations grant it', ask(clerk(READ), usersOnly, { besides: [clerksRead] }), 200, 'PPPPPPP-'],
  ['API alone names no level', ask(clerk(READ), levels('API')), beyond, 'PPPPPPF-'],
  ['the tenant’s grant limits what Any admits', ask(nobody(READ), levels('Any'), toClerks), beyond, 'PPPPPPF-'],
  ['a named level passes whatever the grant', ask(clerk(READ), levels('CLERK', 'USER'), toOthers), 200, 'PPPPPPP-'],
  ['sp:scopes:all asked for is granted to everybody', ask(nobody(ALL), needs(ALL)), 200, 'PPPPPPP-'],
  ['but not the scope that is met instead', ask(nobody(READ), needs(ALL, READ)), beyond, 'PPPPPPF-'],
  ['sp:scopes:default asked for is granted to everybody', ask(nobody('x'), needs(DEFAULT, READ)), 200, 'PPPPPPP-'],
  ['a default grant needs no catalog', ask(helpdesk, needs('idn:identity:read')), 200, 'PPPPPPP-'],
]

const customLevels: Row[] = [
  ['its scopes count as granted', ask(custom(READ), usersOnly), 200, 'PPPPPPP-'],
  ['other scopes do not', ask(custom(MANAGE), usersOnly), beyond, 'PPPPPPF-'],
  ['it opens operations that name levels', ask(custom(READ), levels('CLERK')), 200, 'PPPPPPP-'],
  ['but none that accept none of its scopes', ask(custom(MANAGE), levels('CLERK')), 'level.missing', 'PPPPPPF-'],
  ['it gives the token no scope', ask({ ...custom(READ), scopes: [MANAGE] }, usersOnly), 'scope.missing', 'PPPPPFP-'],
]

const allMissing = operationWith({
  userScopes: [READ],
  applicationScopes: null,
  userLevels: ['CLERK'],
  isExperimental: true,
})

const severalFailures: Row[] = [
  ['everything at once answers the rate', but(tooFast, nobody(), allMissing), 'rate.limited', 'PFPFPFF-'],
  ['then the header', ask(nobody(), allMissing), 'header.experimental_required', 'PPPFPFF-'],
  ['then the scope', but(sent, nobody(), allMissing), 'scope.missing', 'PPPPPFF-'],
  ['the context before the scope', ask(application(), usersOnly), 'context.user_required', 'PPPPFF--'],
  ['for users too, with the level', ask(nobody(), applicationsOnly), 'context.application_required', 'PPPPFFF-'],
  ['a scope that would not help is told at once', ask(clerk(), usersOnly), 'scope.missing', 'PPPPPFF-'],
  [
    'authentication before the path',
    but({ ...refusedWith('auth.missing'), ...unknownPath }),
    'auth.missing',
    'F-F-----',
  ],
  ['the rate before the path', but({ ...tooFast, ...unknownPath }), 'rate.limited', 'PFF-----'],
]

const tables = {
  authentication,
  'public operations': publicOperations,
  'rate and operation': rateAndOperation,
  'the experimental header': experimentalHeader,
  context,
  scope,
  'named levels': namedLevels,
  'grants of scopes': grantsOfScopes,
  'a custom level': customLevels,
  'several failures': severalFailures,
}

const letters = { pass: 'P', fail: 'F', not_reached: '-' }

for (const [subject, rows] of Object.entries(tables)) {
  for (const [promise, question, answer, outcomes] of rows) {
    test(`${subject}: ${promise}`, () => {
      const decision = decide(question)

      assert.equal(decision.checks.map(({ outcome }) => letters[outcome]).join(''), outcomes)
      assert.equal(decision.reason?.code ?? 200, answer)
      assert.equal(decision.status, answer === 200 ? 200 : reasons[answer])
      assert.equal(decision.allowed, answer === 200)
    })
  }
}

test('the checks are listed in the order in which they answer', () => {
  const { checks } = decide(ask(admin(ALL), open))

  assert.deepEqual(
    checks.map(({ name }) => name),
    ['authentication', 'rate', 'operation', 'experimental', 'context', 'scope', 'level', 'resource'],
  )
})
