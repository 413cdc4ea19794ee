import { isDeletedCredential, unmarkCredentialDeleted } from '../credentials/deletions.ts'
import { ensureSecret, type SecretStanding } from '../credentials/ensure-secret.ts'
import { newSecret } from '../credentials/secret.ts'
import { DomainError } from '../errors.ts'
import { readOauthClient } from '../oauth-clients/find.ts'
import { createOauthClient, type OauthClientInput, replaceOauthClient } from '../oauth-clients/manage.ts'
import { readPersonalAccessToken } from '../personal-access-tokens/find.ts'
import {
  createPersonalAccessToken,
  type PersonalAccessTokenInput,
  replacePersonalAccessToken,
} from '../personal-access-tokens/manage.ts'
import type { Applied, Applying } from './applying.ts'
import type { OAuthClientEntry, PersonalAccessTokenEntry } from './schema.ts'

/** Who may hold how many. */
export interface TokenOwner {
  ownerId: string
  perOwnerMax: number
}

/** Applies a personal access token of an identity, within one transaction. */
export async function applyPersonalAccessToken(
  applying: Applying,
  { ownerId, perOwnerMax }: TokenOwner,
  { entry, secret }: { entry: PersonalAccessTokenEntry; secret: string | undefined },
): Promise<Applied> {
  const { tx, ctx, before } = applying
  const input: PersonalAccessTokenInput = {
    name: entry.name,
    scope: entry.scope,
    accessTokenValiditySeconds: entry.accessTokenValiditySeconds,
    expiresAtMs: entry.expirationDate === undefined ? null : Date.parse(entry.expirationDate),
  }
  const id = entry.id ?? before?.subject
  const known = id === undefined ? undefined : await readPersonalAccessToken(tx, ctx.tenantId, id)
  if (known && known.token.ownerId !== ownerId)
    throw new DomainError('conflict', `The personal access token ${id} belongs to another identity. Give another id.`)
  if (known) {
    await replacePersonalAccessToken(tx, ctx, { ...input, id: known.token.id })
    return giveSecret(applying, { id: known.token.id, secret, outcome: 'updated' })
  }
  return create(applying, { id, secret }, () =>
    createPersonalAccessToken(tx, ctx, { ...input, id, ownerId, perOwnerMax }),
  )
}

/** Applies an API client, within one transaction. What the file does not say of its being enabled stays as it is. */
export async function applyOauthClient(
  applying: Applying,
  { entry, secret }: { entry: OAuthClientEntry; secret: string | undefined },
): Promise<Applied> {
  const { tx, ctx, before, isReset } = applying
  const { pkceRequired, enabled, ...rest } = entry
  const isEnabled = enabled ?? (isReset ? true : undefined)
  const input: OauthClientInput = { ...rest, isPkceRequired: pkceRequired, isEnabled }
  const id = entry.id ?? before?.subject
  const known = id === undefined ? undefined : await readOauthClient(tx, ctx.tenantId, id)
  const isPublic = entry.type === 'PUBLIC'
  if (known) {
    await replaceOauthClient(tx, ctx, { ...input, id: known.client.id })
    // A client that was PUBLIC until now has no secret to prove itself with.
    const isMade = !isPublic && secret === undefined && known.secrets.length === 0
    return giveSecret(applying, {
      id: known.client.id,
      secret: isMade ? newSecret() : secret,
      outcome: 'updated',
      isMade,
    })
  }
  return create(applying, { id, secret, isPublic }, () => createOauthClient(tx, ctx, { ...input, id }))
}

interface NewCredential {
  id: string | undefined
  secret: string | undefined
  /** It has no secret. */
  isPublic?: boolean
}

/** Creates a credential unless one of its id was deleted; that comes back with a reset only. */
async function create(
  applying: Applying,
  { id, secret, isPublic = false }: NewCredential,
  make: () => Promise<string>,
): Promise<Applied> {
  const { tx, ctx, before, isReset } = applying
  const isGone = id !== undefined && (before?.subject === id || (await isDeletedCredential(tx, ctx.tenantId, id)))
  if (isGone && !isReset)
    return { outcome: 'left', subject: id, remark: 'it was deleted since; apply with --reset to bring it back' }
  if (isGone) await unmarkCredentialDeleted(tx, ctx.tenantId, id)
  const made = await make()
  const remark = isGone ? 'it was deleted since, and is back' : undefined
  if (isPublic) return { outcome: 'created', subject: made, remark }
  const isMade = secret === undefined
  return giveSecret(applying, { id: made, secret: secret ?? newSecret(), outcome: 'created', isMade, remark })
}

interface SecretGift {
  id: string
  /** Undefined where the file gives none: the credential keeps the ones it has. */
  secret: string | undefined
  outcome: 'created' | 'updated'
  isMade?: boolean
  remark?: string | undefined
}

const REMARKS: Partial<Record<SecretStanding, string>> = {
  retired: 'its secret was retired since and stays so; apply with --reset to bring it back',
  revived: 'its secret was retired since, and is valid again',
}

async function giveSecret(
  { tx, ctx, keys, isReset }: Applying,
  { id, secret, outcome, isMade, remark }: SecretGift,
): Promise<Applied> {
  if (secret === undefined) return { outcome, subject: id, remark }
  const standing = await ensureSecret(tx, ctx, { credentialId: id, secret, key: keys.secrets, mayRevive: isReset })
  return {
    outcome,
    subject: id,
    remark: remark ?? REMARKS[standing],
    made: isMade ? { clientId: id, clientSecret: secret } : undefined,
  }
}
