import { isDeletedCredential, unmarkCredentialDeleted } from '../credentials/deletions.ts'
import { ensureSecret } from '../credentials/ensure-secret.ts'
import { newSecret } from '../credentials/secret.ts'
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
  const { tx, ctx } = applying
  const id = entry.id ?? applying.before?.subject
  const exists = id !== undefined && (await readPersonalAccessToken(tx, ctx.tenantId, id)) !== undefined
  if (id !== undefined && !exists && (await isLeftDeleted(applying, id))) return leftDeleted(id)
  const input: PersonalAccessTokenInput = {
    name: entry.name,
    scope: entry.scope,
    accessTokenValiditySeconds: entry.accessTokenValiditySeconds,
    expiresAtMs: entry.expirationDate === undefined ? null : Date.parse(entry.expirationDate),
  }
  if (exists) {
    await replacePersonalAccessToken(tx, ctx, { id, ...input })
    return giveSecret(applying, { id, secret, outcome: 'updated' })
  }
  const made = await createPersonalAccessToken(tx, ctx, { ...input, id, ownerId, perOwnerMax })
  return giveSecret(applying, {
    id: made,
    secret: secret ?? newSecret(),
    outcome: 'created',
    isMade: secret === undefined,
  })
}

/** Applies an API client, within one transaction. */
export async function applyOauthClient(
  applying: Applying,
  { entry, secret }: { entry: OAuthClientEntry; secret: string | undefined },
): Promise<Applied> {
  const { tx, ctx } = applying
  const id = entry.id ?? (applying.before?.subject || undefined)
  const exists = id !== undefined && (await readOauthClient(tx, ctx.tenantId, id)) !== undefined
  if (id !== undefined && !exists && (await isLeftDeleted(applying, id))) return leftDeleted(id)
  const { pkceRequired, enabled, ...rest } = entry
  const input: OauthClientInput = { ...rest, isPkceRequired: pkceRequired, isEnabled: enabled }
  if (exists) {
    await replaceOauthClient(tx, ctx, { ...input, id })
    return giveSecret(applying, { id, secret, outcome: 'updated' })
  }
  const made = await createOauthClient(tx, ctx, { ...input, id })
  if (entry.type === 'PUBLIC') return { outcome: 'created', subject: made }
  return giveSecret(applying, {
    id: made,
    secret: secret ?? newSecret(),
    outcome: 'created',
    isMade: secret === undefined,
  })
}

/** A credential that is gone though it was applied before, or whose id is marked, was deleted on purpose. */
async function isLeftDeleted({ tx, ctx, before, isReset }: Applying, id: string): Promise<boolean> {
  if (isReset) {
    await unmarkCredentialDeleted(tx, ctx.tenantId, id)
    return false
  }
  return before !== undefined || (await isDeletedCredential(tx, ctx.tenantId, id))
}

const leftDeleted = (id: string): Applied => ({
  outcome: 'left',
  subject: id,
  remark: 'it was deleted since; apply with --reset to bring it back',
})

interface SecretGift {
  id: string
  /** Undefined where the file gives none: the credential keeps the ones it has. */
  secret: string | undefined
  outcome: 'created' | 'updated'
  isMade?: boolean
}

async function giveSecret(
  { tx, ctx, keys, isReset }: Applying,
  { id, secret, outcome, isMade }: SecretGift,
): Promise<Applied> {
  if (secret === undefined) return { outcome, subject: id }
  const kept = await ensureSecret(tx, ctx, { credentialId: id, secret, key: keys.secrets, mayRevive: isReset })
  const remark =
    kept === 'retired' ? 'its secret was retired since and stays so; apply with --reset to bring it back' : undefined
  return { outcome, subject: id, remark, made: isMade ? { clientId: id, clientSecret: secret } : undefined }
}
