import type { KeyObject } from 'node:crypto'
import { scopePassedOn } from '../access/passing-on.ts'
import type { Principal } from '../access/policy.ts'
import { digestSecret, newSecret } from '../credentials/secret.ts'
import { insertSecret } from '../credentials/secrets.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import type { DescribedClient } from './described-client.ts'
import { clientNotFound } from './find.ts'
import { describeOauthClient } from './list.ts'
import { createOauthClient, type OauthClientInput } from './manage.ts'
import { requireSoundFlow } from './rules.ts'

/**
 * Makes a client. Its secret is in the answer and nowhere else; it is empty for a PUBLIC client, which has none.
 * @throws DomainError `beyond_token`, `illegal_value`.
 */
export async function issueOauthClient(
  ctx: RequestContext,
  asked: OauthClientInput,
  { caller, secretsKey }: { caller: Principal; secretsKey: KeyObject },
): Promise<{ client: DescribedClient; secret: string }> {
  const scope = scopePassedOn(caller, asked.scope)
  requireSoundFlow(asked)
  const secret = asked.type === 'PUBLIC' ? '' : newSecret()
  const client = await writeTransaction(ctx.db, async (tx) => {
    const id = await createOauthClient(tx, ctx, { ...asked, scope })
    const digest = digestSecret(secretsKey, secret)
    if (secret !== '') await insertSecret(tx, ctx.tenantId, { credentialId: id, digest, nowMs: ctx.nowMs })
    return (await describeOauthClient(tx, ctx.tenantId, id)) ?? Promise.reject(clientNotFound(id))
  })
  return { client, secret }
}
