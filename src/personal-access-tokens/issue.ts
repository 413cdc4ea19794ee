import type { KeyObject } from 'node:crypto'
import { scopePassedOn } from '../access/passing-on.ts'
import type { Principal } from '../access/policy.ts'
import { digestSecret, newSecret } from '../credentials/secret.ts'
import { insertSecret } from '../credentials/secrets.ts'
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

/**
 * Makes a personal access token for the caller itself. Its secret is in the answer and nowhere else.
 * @throws DomainError `beyond_token`, `conflict`, `limit_exceeded`, and for an end that the rule does not allow.
 */
export async function issuePersonalAccessToken(
  ctx: RequestContext,
  asked: AskedToken,
  { caller, rule, perOwnerMax, secretsKey }: Issuing,
): Promise<{ token: DescribedToken; secret: string }> {
  const ownerId = caller.identityId
  if (ownerId === null) throw new DomainError('forbidden', 'Only an identity can own a personal access token.')
  const scope = scopePassedOn(caller, asked.scope)
  const expiry = decideExpiry(rule, asked, ctx.nowMs)
  const secret = newSecret()
  const accessTokenValiditySeconds = asked.accessTokenValiditySeconds ?? undefined
  const token = await writeTransaction(ctx.db, async (tx) => {
    const input = { name: asked.name, scope, accessTokenValiditySeconds, ...expiry, ownerId, perOwnerMax }
    const id = await createPersonalAccessToken(tx, ctx, input)
    await insertSecret(tx, ctx.tenantId, {
      credentialId: id,
      digest: digestSecret(secretsKey, secret),
      nowMs: ctx.nowMs,
    })
    return (await describePersonalAccessToken(tx, ctx.tenantId, id)) ?? Promise.reject(tokenNotFound(id))
  })
  return { token, secret }
}
