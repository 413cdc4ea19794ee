import { Type } from 'typebox'
import { scopePassedOn } from '../access/passing-on.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import { Label, Scopes } from '../credentials/values.ts'
import type { IscVersion } from '../http/isc-routes.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import { optional } from '../http/nullable.ts'
import { requireShape } from '../http/require-shape.ts'
import type { RequestContext } from '../request-context.ts'
import type { DescribedToken } from './described-token.ts'
import { type AskedExpiry, decideExpiry, type Expiry } from './expiry.ts'
import { describePersonalAccessToken } from './list.ts'
import { replacePersonalAccessToken } from './manage.ts'
import { requireTouchable, type TokenCaller, tokenNotFound } from './own.ts'
import { expiryRuleOf, representToken } from './representation.ts'
import { lockPersonalAccessTokenRow } from './store.ts'

const NEVER = 'userAwareTokenNeverExpires'
const patchable = {
  six_months: ['name', 'scope'],
  acknowledged: ['name', 'scope', 'expirationDate', NEVER],
} as const

const Patched = Type.Object({
  name: Label,
  scope: optional(Scopes),
  expirationDate: optional(Type.String({ format: 'date-time' })),
  [NEVER]: optional(Type.Boolean()),
})

/** A patch of one token, in the words of a version. */
export interface TokenPatch extends TokenCaller {
  readonly id: string
  readonly patch: JsonPatch
  readonly version: IscVersion
}

/**
 * Patches a token of the caller's own. Tokens that it minted keep the scope that they have.
 * @throws DomainError `not_found`, `resource_denied`, `illegal_update`, `illegal_value`, `beyond_token`, `conflict`.
 */
export async function patchPersonalAccessToken(ctx: RequestContext, input: TokenPatch): Promise<DescribedToken> {
  const { id, patch, version, caller } = input
  const rule = expiryRuleOf(version)
  return writeTransaction(ctx.db, async (tx) => {
    // Two patches at once: the second begins with what the first made.
    await lockPersonalAccessTokenRow(tx, ctx.tenantId, id)
    const token = await describePersonalAccessToken(tx, ctx.tenantId, id)
    if (!token) throw tokenNotFound(id)
    await requireTouchable(tx, ctx.tenantId, token, input)
    const document = representToken(token, version)
    const patched = requireShape(Patched, applyJsonPatch(document, patch, patchable[rule]))
    const scope = isTouched(patch, 'scope') ? scopePassedOn(caller, patched.scope) : token.scope
    const expiry = rule === 'six_months' ? token : expiryOf(token, patched, { patch, nowMs: ctx.nowMs })
    const { accessTokenValiditySeconds } = token
    const { expiresAtMs, isNeverAcknowledged } = expiry
    const changed = { name: patched.name, scope, accessTokenValiditySeconds, expiresAtMs, isNeverAcknowledged }
    await replacePersonalAccessToken(tx, ctx, { id, ...changed })
    return (await describePersonalAccessToken(tx, ctx.tenantId, id)) ?? Promise.reject(tokenNotFound(id))
  })
}

function expiryOf(
  token: DescribedToken,
  patched: AskedExpiry,
  { patch, nowMs }: { patch: JsonPatch; nowMs: number },
): Expiry {
  // The name of a token that has expired may still be changed.
  if (!isTouched(patch, 'expirationDate') && !isTouched(patch, NEVER)) return token
  const expiry = decideExpiry('acknowledged', patched, nowMs)
  if (expiry.expiresAtMs === null && token.expiresAtMs !== null && !isTouched(patch, NEVER))
    throw new DomainError(
      'required_missing',
      `A token that shall never expire needs "${NEVER}": true in the same patch.`,
    )
  return expiry
}

const isTouched = (patch: JsonPatch, member: string): boolean =>
  patch.some(({ op, path, from }) => op !== 'test' && [path, from].some((one) => one?.split('/')[1] === member))
