import type { Tx } from '../database/schema.ts'
import { lockSignInFacts, type SignInFacts } from '../identities/find.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { NewPasswordObjection } from './pages/password-pages.ts'
import { objectionTo } from './password-rules.ts'
import type { SignInServices } from './sign-in-services.ts'

/** A new password as it was typed, twice. */
export interface NewPassword {
  password: string
  repeated: string
}

/** What speaks against a new password for this person; undefined when nothing does. */
export function objectionToNew(
  { password, repeated }: NewPassword,
  { alias }: SignInFacts,
  { name, displayName }: Tenant,
): NewPasswordObjection | undefined {
  return objectionTo(password, [alias, name, displayName]) ?? (password === repeated ? undefined : 'differs')
}

/**
 * Within the transaction that sets a password: false when the identity was disabled or got another password since these
 * facts were read. From here on nobody can do either before the transaction ends.
 */
export async function isUnchanged(tx: Tx, tenantId: string, { id, passwordHash }: SignInFacts): Promise<boolean> {
  const now = await lockSignInFacts(tx, tenantId, id)
  return now?.isEnabled === true && now.passwordHash === passwordHash
}

/** Once a password is set: makes this process know before it answers, so that no token of the old one works after that. */
export const knowOfIt = ({ changes }: Pick<SignInServices, 'changes'>): Promise<void> =>
  changes.catchUp().catch(() => {})
