import { recordAudit } from '../audit/record.ts'
import type { Directory } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { Identities } from '../identities/find.ts'
import { isSoleAddress, type Mailer } from '../mail/mail.ts'
import type { RequestContext } from '../request-context.ts'
import { listTenants } from '../tenants/find.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { dueNotice, LONGEST_NOTICE_DAYS } from './due-notice.ts'
import type { Notice } from './notice.ts'
import { noticeMail } from './notice-mail.ts'
import { claimNotice, findWebhook, listExpiring, markSent, type NoticeKey } from './store.ts'
import type { Webhooks } from './webhooks.ts'

export interface ExpiryNoticeOptions {
  directory: Directory
  contextFor: (tenantId: string) => RequestContext
  identities: Identities
  mailer: Mailer
  webhooks: Webhooks
  onError: (error: unknown) => void
}

const SWEEP_MS = 10 * 60_000
const DAY_MS = 86_400_000
/** A try takes less; after it another process, or the next sweep, tries again. */
const LEASE_MS = 15 * 60_000
const ATTEMPTS_MAX = 5

/**
 * Tells owners, and the tenant's webhook, 30, 14, 7 and 1 days before a personal access token expires. Each notice is
 * sent by the process whose statement claims it. Only a process that dies between sending and noting it sends one twice.
 */
export class ExpiryNotices {
  readonly #options: ExpiryNoticeOptions
  #timer: NodeJS.Timeout | undefined
  #sweeping: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(options: ExpiryNoticeOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_MS)
    this.#timer.unref()
    void this.sweep()
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearInterval(this.#timer)
    await this.#sweeping
  }

  /** Sends every notice that is due. Never throws: what fails is told, and tried again by a later sweep. */
  sweep(): Promise<void> {
    this.#sweeping = this.#sweeping.then(() => this.#sweepAll()).catch(this.#options.onError)
    return this.#sweeping
  }

  async #sweepAll(): Promise<void> {
    for (const tenant of await listTenants(this.#options.directory))
      if (!tenant.isSuspended) await this.#sweepTenant(tenant).catch(this.#options.onError)
  }

  async #sweepTenant(tenant: Tenant): Promise<void> {
    const { db, nowMs } = this.#options.contextFor(tenant.id)
    const untilMs = nowMs + LONGEST_NOTICE_DAYS * DAY_MS
    const webhook = await findWebhook(db, tenant.id)
    for (const token of await listExpiring(db, tenant.id, { fromMs: nowMs, untilMs })) {
      if (this.#isStopping) return
      const days = dueNotice({ expiresAtMs: token.expires_at, createdAtMs: token.created_at }, nowMs)
      if (days === undefined) continue
      const about = { tenant, token, days }
      await this.#attempt(about, 'mail', () => this.#mail(about))
      if (webhook) await this.#attempt(about, 'webhook', (ctx) => this.#options.webhooks.post(ctx, webhook, about))
    }
  }

  async #attempt(
    { tenant, token, days }: Notice,
    channel: 'mail' | 'webhook',
    send: (ctx: RequestContext) => Promise<boolean>,
  ): Promise<void> {
    const ctx = this.#options.contextFor(tenant.id)
    const key: NoticeKey = {
      tenant_id: tenant.id,
      credential_id: token.id,
      expires_at: token.expires_at,
      days_before: days,
      channel,
    }
    const lease = { nowMs: ctx.nowMs, leasedUntil: ctx.nowMs + LEASE_MS, attemptsMax: ATTEMPTS_MAX }
    if (!(await claimNotice(ctx.db, key, lease))) return
    try {
      const isSent = await send(ctx)
      await writeTransaction(ctx.db, async (tx) => {
        await markSent(tx, key, ctx.nowMs)
        if (!isSent) return
        const details = { channel, daysBefore: days, expiresAt: new Date(token.expires_at).toISOString() }
        await recordAudit(tx, ctx, {
          action: 'personal_access_token.expiry_notified',
          targetKind: 'personal_access_token',
          targetId: token.id,
          details,
        })
      })
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** False where there is nobody to write to. */
  async #mail({ tenant, token }: Notice): Promise<boolean> {
    const { db, nowMs } = this.#options.contextFor(tenant.id)
    const owner = await this.#options.identities.find(db, tenant.id, token.owner_id)
    if (!owner?.isEnabled || owner.email === null || !isSoleAddress(owner.email)) return false
    await this.#options.mailer.send(noticeMail({ tenant, token, owner: { ...owner, email: owner.email }, nowMs }))
    return true
  }
}
