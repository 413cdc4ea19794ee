import { hash, randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import type { Tx } from '../database/schema.ts'
import { findSignInFacts, lockSignInFacts, type SignInFacts } from '../identities/find.ts'
import { isSoleAddress } from '../mail/mail.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { countResets, replaceReset } from './reset-store.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

const LINK_MINUTES = 15
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const MAILS_PER_HOUR = 3

/** What is kept of a link, and looked up by. */
export const digestLink = (link: string): string => hash('sha256', link)

/** What a link's secret looks like: 256 random bits. */
export const isLink = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

/**
 * Mails a link to whoever has this name, if they have a password sign-in and an address on file; at most three an hour.
 * Nobody waits for it, and nobody is told what became of it.
 */
export async function requestReset(
  services: SignInServices,
  ctx: RequestContext,
  { tenant, alias, texts }: { tenant: Tenant; alias: string; texts: SignInTexts },
): Promise<void> {
  const facts = await findSignInFacts(ctx.db, tenant.id, { alias })
  const email = facts && addressOf(facts)
  if (!email) return
  const link = randomBytes(32).toString('base64url')
  const kept = { identityId: facts.id, link, minutes: LINK_MINUTES, action: 'password.reset_requested' as const }
  if (!(await ctx.db.transaction().execute((tx) => keepLink(tx, ctx, kept)))) return
  const about = {
    name: facts.displayName,
    tenant: tenant.displayName,
    // From the configuration: a Host header could send the secret to whoever made it up.
    link: `${originsOf(tenant, services.address()).login}/login/reset?token=${link}`,
    minutes: LINK_MINUTES,
  }
  services.mails.post({
    to: email,
    subject: texts.mail.resetSubject(tenant.displayName),
    text: texts.mail.reset(about),
  })
}

const addressOf = ({ isEnabled, isPerson, email }: SignInFacts): string | undefined =>
  isEnabled && isPerson && email !== null && isSoleAddress(email) ? email : undefined

/** A link to keep, good for so long, and what the audit trail says of it. */
export interface NewLink {
  identityId: string
  link: string
  minutes: number
  action: 'password.reset_requested' | 'identity.invited'
}

/** Keeps a link in place of those before, within the caller's transaction; false when enough were sent for now. */
export async function keepLink(
  tx: Tx,
  ctx: RequestContext,
  { identityId, link, minutes, action }: NewLink,
): Promise<boolean> {
  const { tenantId, nowMs } = ctx
  const hourAgoMs = nowMs - HOUR_MS
  await lockSignInFacts(tx, tenantId, identityId)
  if ((await countResets(tx, tenantId, { identityId, sinceMs: hourAgoMs })) >= MAILS_PER_HOUR) return false
  const row = { tenantId, digest: digestLink(link), identityId, createdAtMs: nowMs }
  await replaceReset(tx, { ...row, expiresAtMs: nowMs + minutes * MINUTE_MS }, hourAgoMs)
  await recordAudit(tx, ctx, { action, targetKind: 'identity', targetId: identityId })
  return true
}
