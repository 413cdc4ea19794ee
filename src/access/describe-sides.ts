import type { Verdict } from './checks.ts'
import type { Principal, TokenContext } from './policy.ts'
import type { Sides } from './question.ts'
import {
  holdsLevelFor,
  meetsScope,
  requiredScopes,
  scopesInContext,
  scopesToBeGranted,
  sufficientLevels,
} from './requirements.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'
import { isGranted } from './scope-grants.ts'
import { allOf, anyOf, type Words } from './words.ts'

const contexts: readonly TokenContext[] = ['user', 'application']

const UNUSABLE =
  'Nobody can call this operation: it asks for security schemes that its catalog does not map, or for several at once.'

export function describeContext({ principal, policy }: Sides, verdict: Verdict): Words {
  return {
    message: contextMessage(principal, verdict),
    expected: contexts.filter((context) => scopesInContext(policy, context) !== null),
    actual: principal.context,
  }
}

function contextMessage({ context, clientId }: Principal, verdict: Verdict): string {
  if (verdict === 'operation.unusable') return UNUSABLE
  if (verdict === 'context.user_required') {
    const client = clientId === '' ? 'an API client' : `the API client ${clientId}`
    return `The operation needs a user. The token belongs to ${client}, which acts without one.`
  }
  if (verdict === 'context.application_required') {
    return 'The operation serves applications only, and the token stands for a user.'
  }
  return `The operation accepts tokens in ${context} context.`
}

export function describeScope(sides: Sides, verdict: Verdict): Words {
  const required = requiredScopes(sides)
  if (required === null) return { message: UNUSABLE }
  const isOtherContext = scopesInContext(sides.policy, sides.principal.context) === null
  const afterthought = isOtherContext ? ' Scopes do not make up for the wrong context.' : ''
  return {
    message: scopeMessage(required, sides.principal, verdict) + afterthought,
    expected: required,
    actual: sides.principal.scopes,
  }
}

function scopeMessage(required: readonly string[], principal: Principal, verdict: Verdict): string {
  if (verdict === 'scope.missing') return `The token lacks a scope that the operation accepts: ${anyOf(required)}.`
  if (required.length === 0) return 'The operation asks for no scope.'
  if (principal.scopes.includes(SCOPE_ALL)) return `The token has ${SCOPE_ALL}, which contains every scope.`
  return `The token meets ${allOf(required.filter((scope) => meetsScope(principal, scope)))}.`
}

export function describeLevel(sides: Sides, verdict: Verdict): Words {
  if (sides.principal.context === 'application') {
    return { message: 'User levels belong to users, and this token stands for none.' }
  }
  if (verdict === 'not_reached') return { message: UNUSABLE }
  const levels = sufficientLevels(sides)
  return {
    message: verdict === 'pass' ? whyLevelSuffices(sides) : whyLevelFails(sides, verdict),
    expected: verdict === 'pass' && levels.length === 0 ? 'any identity' : levels,
    actual: sides.principal.userLevels,
  }
}

function whyLevelSuffices(sides: Sides): string {
  const granted = scopesToBeGranted(sides)?.filter((scope) => isGranted(sides.grants, scope, sides.principal)) ?? []
  if (holdsLevelFor(sides)) return 'The identity holds a user level that the operation is open to.'
  if (granted.length === 0) return 'The operation asks for no user level.'
  return `The identity is granted ${allOf(granted)}.`
}

function whyLevelFails(sides: Sides, verdict: Verdict): string {
  const levels = sufficientLevels(sides)
  const held = sides.principal.userLevels
  const holding = held.length > 0 ? `The identity holds ${allOf(held)}.` : 'The identity holds no user level.'
  if (verdict === 'level.missing') return `The operation asks for the user level ${anyOf(levels)}. ${holding}`
  const granting = levels.length > 0 ? `only to the user level ${anyOf(levels)}` : 'to no user level'
  return `${anyOf(scopesToBeGranted(sides) ?? [])}: granted ${granting}. ${holding} A token never exceeds its owner.`
}
