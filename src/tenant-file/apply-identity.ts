import { DomainError } from '../errors.ts'
import { findIdentityIdByAlias, findSignInFacts } from '../identities/find.ts'
import { createIdentity, type IdentityChanges, updateIdentity } from '../identities/manage.ts'
import { hashPassword } from '../identities/password.ts'
import type { Applied, Applying } from './applying.ts'
import { entryDigest } from './digest.ts'
import { claimEntry, recordAppliedEntry } from './entry-store.ts'
import type { IdentityEntry } from './schema.ts'

/** The password that an entry gives. */
export interface GivenPassword {
  /** What the file says, by which a change of it is recognised. */
  readonly words: string
  /** An argon2id PHC string. */
  readonly hash: string
}

/** Hashes the password of an entry, wherever it came from. It takes too long for a transaction, so do it before. */
export async function preparePassword({
  password,
  passwordHash,
}: Record<'password' | 'passwordHash', string | undefined>): Promise<GivenPassword | undefined> {
  if (password !== undefined) return { words: password, hash: await hashPassword(password) }
  return passwordHash === undefined ? undefined : { words: passwordHash, hash: passwordHash }
}

/** Applies an identity, within one transaction. What the file does not say of its being enabled stays as it is. */
export async function applyIdentity(
  applying: Applying,
  { entry, password }: { entry: IdentityEntry; password: GivenPassword | undefined },
): Promise<Applied> {
  const { tx, ctx, isReset } = applying
  const changes: IdentityChanges & { alias: string } = {
    alias: entry.alias,
    displayName: entry.displayName ?? entry.alias,
    email: entry.email ?? null,
    kind: entry.kind ?? 'HUMAN',
    isEnabled: entry.enabled ?? (isReset ? true : undefined),
    userLevels: entry.userLevels ?? [],
  }
  const known = await findId(applying, entry)
  const id = known ?? (await createIdentity(tx, ctx, { ...changes, id: entry.id, passwordHash: password?.hash }))
  const isPasswordDue = password !== undefined && (await isChanged(applying, id, password))
  if (known === undefined) return { outcome: 'created', subject: id }
  await updateIdentity(tx, ctx, { id, changes: { ...changes, ...(isPasswordDue && { passwordHash: password.hash }) } })
  return { outcome: 'updated', subject: id }
}

async function findId({ tx, ctx }: Applying, { alias, id }: IdentityEntry): Promise<string | undefined> {
  const named = await findIdentityIdByAlias(tx, ctx.tenantId, alias)
  if (id === undefined || named === id) return named
  if (named !== undefined)
    throw new DomainError('conflict', `${alias} has the id ${named} already. Leave the id out, or give another alias.`)
  return (await findSignInFacts(tx, ctx.tenantId, { id }))?.id
}

/** A password that the file gave before is not set again: its owner may have changed it since. */
async function isChanged({ tx, ctx, keys, isReset }: Applying, id: string, { words }: GivenPassword): Promise<boolean> {
  const entry = `password ${id}`
  const digest = entryDigest(words, keys.tenantFiles)
  const before = await claimEntry(tx, ctx.tenantId, { entry, nowMs: ctx.nowMs })
  if (before?.digest === digest) return isReset
  await recordAppliedEntry(tx, ctx.tenantId, { entry, digest, subject: id })
  return true
}
