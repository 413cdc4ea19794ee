import { createIdentity, type IdentityChanges, updateIdentity } from '../identities/manage.ts'
import { findIdentityIdByAlias } from '../identities/find.ts'
import type { Applied, Applying } from './applying.ts'
import type { IdentityEntry } from './schema.ts'

/** Applies an identity, within one transaction. `passwordHash` is that of the entry's password, or its own. */
export async function applyIdentity(
  { tx, ctx }: Applying,
  { entry, passwordHash }: { entry: IdentityEntry; passwordHash: string | undefined },
): Promise<Applied> {
  const id = await findIdentityIdByAlias(tx, ctx.tenantId, entry.alias)
  const changes: Partial<IdentityChanges> = {
    alias: entry.alias,
    displayName: entry.displayName ?? entry.alias,
    email: entry.email ?? null,
    kind: entry.kind ?? 'HUMAN',
    isEnabled: entry.enabled ?? true,
    userLevels: entry.userLevels ?? [],
    ...(passwordHash !== undefined && { passwordHash }),
  }
  if (id !== undefined) {
    await updateIdentity(tx, ctx, { id, changes })
    return { outcome: 'updated', subject: id }
  }
  const made = await createIdentity(tx, ctx, { ...changes, alias: entry.alias, id: entry.id })
  return { outcome: 'created', subject: made }
}
