import { hash, randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { findSignInFacts, type SignInFacts } from '../identities/find.ts'
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
  if (!(await keepLink(ctx, facts.id, link))) return
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

/** False when enough links were sent for now. */
function keepLink(ctx: RequestContext, identityId: string, link: string): Promise<boolean> {
  const { db, tenantId, nowMs } = ctx
  const hourAgoMs = nowMs - HOUR_MS
  return db.transaction().execute(async (tx) => {
    if ((await countResets(tx, tenantId, { identityId, sinceMs: hourAgoMs })) >= MAILS_PER_HOUR) return false
    const expiresAtMs = nowMs + LINK_MINUTES * MINUTE_MS
    await replaceReset(
      tx,
      { tenantId, digest: digestLink(link), identityId, createdAtMs: nowMs, expiresAtMs },
      hourAgoMs,
    )
    await recordAudit(tx, ctx, { action: 'password.reset_requested', targetKind: 'identity', targetId: identityId })
    return true
  })
}
