import type { Credential } from '../../inventory/credential.ts'
import type { Tx } from '../../database/schema.ts'
import { lockOauthClient } from '../../oauth-clients/find.ts'
import { lockPersonalAccessToken } from '../../personal-access-tokens/find.ts'
import { DomainError } from '../../errors.ts'

/** What is told of a secret; its value is told once, when it is made. */
export interface ToldSecret {
  readonly id: string
  /** RETIRING: it works until `retiresAt`. */
  readonly state: 'LIVE' | 'RETIRING' | 'RETIRED'
  readonly createdAt: string
  /** Exact to the minute; null before the first use. */
  readonly lastUsedAt: string | null
  readonly retiresAt: string | null
}

/** With this scope everybody may tend the secrets of their own personal access tokens. */
export const OWN_SECRETS = 'sp:my-personal-access-tokens:manage'

/** The kind of a credential as the audit trail names it. */
export const targetKindOf = ({ kind }: Credential): 'oauth_client' | 'personal_access_token' =>
  kind === 'OAUTH_CLIENT' ? 'oauth_client' : 'personal_access_token'

/**
 * Makes whoever would change or delete the credential, or its secrets, wait until the transaction ends.
 * @throws DomainError `not_found` when it was deleted meanwhile.
 */
export async function lockCredential(tx: Tx, tenantId: string, { kind, id }: Credential): Promise<void> {
  const lock = kind === 'OAUTH_CLIENT' ? lockOauthClient : lockPersonalAccessToken
  if (!(await lock(tx, tenantId, id))) throw new DomainError('not_found', `The credential ${id} was deleted.`)
}
