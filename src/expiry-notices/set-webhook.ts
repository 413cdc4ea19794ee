import { randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { deleteWebhook, findWebhook, putWebhook } from './store.ts'
import { problemWithWebhook } from './webhook-address.ts'
import type { Webhooks } from './webhooks.ts'

/**
 * Sets where a tenant's notices are posted to, and answers the secret that signs them: a new one each time, shown once.
 * @throws DomainError `illegal_value` for an address that webhooks may not have.
 */
export async function setWebhook(webhooks: Webhooks, ctx: RequestContext, url: string): Promise<string> {
  const problem = problemWithWebhook(url, webhooks.isAllowed)
  if (problem) throw new DomainError('illegal_value', problem)
  const salt = randomBytes(16).toString('hex')
  await writeTransaction(ctx.db, async (tx) => {
    await putWebhook(tx, ctx.tenantId, { url, salt, modified_at: ctx.nowMs })
    // Where it leads, not the rest: an address may hold a key of the receiver.
    const details = { origin: new URL(url).origin }
    await recordAudit(tx, ctx, { action: 'notice_webhook.set', targetKind: 'tenant', targetId: ctx.tenantId, details })
  })
  return webhooks.secretOf(ctx.tenantId, salt)
}

/** Posts nothing any more. @throws DomainError `not_found` where there is no webhook. */
export async function removeWebhook(ctx: RequestContext): Promise<void> {
  await writeTransaction(ctx.db, async (tx) => {
    if (!(await deleteWebhook(tx, ctx.tenantId))) throw noWebhook()
    await recordAudit(tx, ctx, { action: 'notice_webhook.removed', targetKind: 'tenant', targetId: ctx.tenantId })
  })
}

/** Where notices are posted to. @throws DomainError `not_found` where there is no webhook. */
export async function showWebhook({ db, tenantId }: RequestContext): Promise<{ url: string }> {
  const row = await findWebhook(db, tenantId)
  if (!row) throw noWebhook()
  return { url: row.url }
}

const noWebhook = (): DomainError => new DomainError('not_found', 'There is no webhook. Set one with PUT.')
