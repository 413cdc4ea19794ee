import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { type CredentialKey, replaceScope } from './credential-store.ts'

const names = { oauth_client: 'API client', personal_access_token: 'personal access token' }

/**
 * Gives a credential another scope in place of the one that it is known to hold, within the caller's transaction. The
 * caller records it.
 * @throws DomainError `conflict` when it was changed or deleted meanwhile.
 */
export async function setCredentialScope(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { from, scope, ...key }: CredentialKey & { from: readonly string[]; scope: readonly string[] },
): Promise<void> {
  const texts = { from: JSON.stringify(from), scope: JSON.stringify(scope) }
  if (await replaceScope(tx, tenantId, { ...key, ...texts, nowMs })) return
  throw new DomainError(
    'conflict',
    `The ${names[key.kind]} ${key.id} was changed or deleted meanwhile. Look at it again.`,
  )
}
