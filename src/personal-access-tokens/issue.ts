import type { KeyObject } from 'node:crypto'
import { scopePassedOn } from '../access/passing-on.ts'
import type { Principal } from '../access/policy.ts'
import { digestSecret, newSecret } from '../credentials/secret.ts'
import { insertSecret } from '../credentials/secrets.ts'
import type { Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { DescribedToken } from './described-token.ts'
import { type AskedExpiry, decideExpiry, type ExpiryRule } from './expiry.ts'
import { describePersonalAccessToken } from './list.ts'
import { createPersonalAccessToken } from './manage.ts'
import { tokenNotFound } from './own.ts'

/** What somebody asks for who wants a token. */
export interface AskedToken extends AskedExpiry {
  readonly name: string
  /** All that the caller's token has where nothing is said. */
  readonly scope?: readonly string[] | null | undefined
  readonly accessTokenValiditySeconds?: number | null | undefined
}

/** Who asks for a token, by which rules. */
export interface Issuing {
  readonly caller: Principal
  readonly rule: ExpiryRule
  readonly perOwnerMax: number
  /** Keys the digest of the secret. */
  readonly secretsKey: KeyObject
}

/** A token with its secret, which is told here and nowhere else. */
export interface IssuedToken {
  readonly token: DescribedToken
  readonly secret: string
}

/**
 * Makes a personal access token for the caller itself.
 * @throws DomainError `beyond_token`, `conflict`, `limit_exceeded`, and for an end that the rule does not allow.
 */
export async function issuePersonalAccessToken(
  ctx: RequestContext,
  asked: AskedToken,
  issuing: Issuing,
): Promise<IssuedToken> {
  const ownerId = issuing.caller.identityId
  if (ownerId === null) throw new DomainError('forbidden', 'Only an identity can own a personal access token.')
  return writeTransaction(ctx.db, (tx) => issueToOwner(tx, ctx, { ...asked, ownerId }, issuing))
}

/** Makes a token of this owner's, within the caller's transaction; whether it may have one was asked before. */
export async function issueToOwner(
  tx: Tx,
  ctx: RequestContext,
  asked: AskedToken & { readonly ownerId: string },
  { caller, rule, perOwnerMax, secretsKey }: Issuing,
): Promise<IssuedToken> {
  const { name, ownerId } = asked
  const scope = scopePassedOn(caller, asked.scope)
  const expiry = decideExpiry(rule, asked, ctx.nowMs)
  const accessTokenValiditySeconds = asked.accessTokenValiditySeconds ?? undefined
  const input = { name, scope, accessTokenValiditySeconds, ...expiry, ownerId, perOwnerMax }
  const id = await createPersonalAccessToken(tx, ctx, input)
  const secret = newSecret()
  await insertSecret(tx, ctx.tenantId, {
    credentialId: id,
    digest: digestSecret(secretsKey, secret),
    nowMs: ctx.nowMs,
  })
  const token = await describePersonalAccessToken(tx, ctx.tenantId, id)
  if (!token) throw tokenNotFound(id)
  return { token, secret }
}
