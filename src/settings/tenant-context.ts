import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import type { TenantDocument } from './tenant-document.ts'

const PAIRS_MAX = 100
const KEY_CHARACTERS_MAX = 128
const VALUE_CHARACTERS_MAX = 2000

const Operation = Type.Object({
  op: Type.String({ maxLength: 20 }),
  path: Type.String({ maxLength: 500 }),
  value: Type.Optional(Type.Unknown()),
})
/** A patch of the context; ISC's clients also send one operation by itself. */
export const ContextPatch = Type.Union([Type.Array(Operation, { minItems: 1, maxItems: 200 }), Operation])
export type ContextPatch = Static<typeof ContextPatch>

export const TenantContext = Type.Array(Type.Object({ key: Type.String(), value: Type.String() }))
type TenantContext = Static<typeof TenantContext>

/** What abbreviations and words mean in this tenant. */
export const contextDocument: TenantDocument<TenantContext> = { name: 'tenant_context', initial: [] }

/**
 * The pairs as a patch of paths `/Key/{name}` leaves them.
 * @throws DomainError `invalid` for another path, operation or value, `limit_exceeded` beyond a hundred pairs.
 */
export function patchContext(current: TenantContext, patch: ContextPatch): TenantContext {
  const pairs = new Map(current.map(({ key, value }) => [key, value]))
  for (const { op, path, value } of Array.isArray(patch) ? patch : [patch]) {
    const key = keyOf(path)
    if (op === 'add') pairs.set(key, textOf(key, value))
    else if (op === 'replace' && pairs.has(key)) pairs.set(key, textOf(key, value))
    else if (op === 'remove' && pairs.has(key)) pairs.delete(key)
    else if (op === 'replace' || op === 'remove') throw invalid(`there is no key ${key} to ${op}`)
    else throw invalid(`operation not allowed (${op})`)
  }
  if (pairs.size > PAIRS_MAX)
    throw new DomainError('limit_exceeded', `A tenant has at most ${PAIRS_MAX} pairs of context. Remove some first.`)
  return [...pairs].map(([key, value]) => ({ key, value }))
}

function keyOf(path: string): string {
  const [, escaped = ''] = /^\/Key\/([^/]+)$/.exec(path) ?? []
  const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
  if (key !== '' && key.length <= KEY_CHARACTERS_MAX) return key
  throw invalid(`field not patchable or does not contain key (${path})`)
}

function textOf(key: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= VALUE_CHARACTERS_MAX) return value
  throw invalid(`the value of ${key} must be text of at most ${VALUE_CHARACTERS_MAX} characters`)
}

const invalid = (words: string): DomainError => new DomainError('invalid', `invalid patch request: ${words}`)
