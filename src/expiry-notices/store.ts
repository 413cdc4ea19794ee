import type { Selectable } from 'kysely'
import type { ExpiryNoticeTable } from '../database/lifecycle-schema.ts'
import type { Database, Tx } from '../database/schema.ts'

/** What tells one notice from another. */
export type NoticeKey = Pick<
  Selectable<ExpiryNoticeTable>,
  'tenant_id' | 'credential_id' | 'expires_at' | 'days_before' | 'channel'
>

export interface ExpiringToken {
  id: string
  name: string
  owner_id: string
  expires_at: number
  created_at: number
}

/** The personal access tokens that expire after `fromMs` and until `untilMs`, the next one first. */
export function listExpiring(
  db: Database,
  tenantId: string,
  { fromMs, untilMs, ownerId }: { fromMs: number; untilMs: number; ownerId?: string },
): Promise<ExpiringToken[]> {
  const expiring = db
    .selectFrom('personal_access_token')
    .select(['id', 'name', 'owner_id', 'expires_at', 'created_at'])
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '>', fromMs)
    .where('expires_at', '<=', untilMs)
  const wanted = ownerId === undefined ? expiring : expiring.where('owner_id', '=', ownerId)
  return wanted.orderBy('expires_at').orderBy('id').execute() as Promise<ExpiringToken[]>
}

/**
 * Takes a notice in hand until `leasedUntil`; false when it was sent, is in other hands, or was tried often enough. One
 * statement, so that of many processes one sends it.
 */
export async function claimNotice(
  db: Database,
  key: NoticeKey,
  { nowMs, leasedUntil, attemptsMax }: { nowMs: number; leasedUntil: number; attemptsMax: number },
): Promise<boolean> {
  const result = await db
    .insertInto('expiry_notice')
    .values({ ...key, attempts: 1, leased_until: leasedUntil, sent_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'credential_id', 'expires_at', 'days_before', 'channel'])
        .doUpdateSet((eb) => ({ attempts: eb('expiry_notice.attempts', '+', 1), leased_until: leasedUntil }))
        .where('expiry_notice.sent_at', 'is', null)
        .where('expiry_notice.leased_until', '<=', nowMs)
        .where('expiry_notice.attempts', '<', attemptsMax),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Notes that a notice was sent. */
export async function markSent(tx: Tx, key: NoticeKey, nowMs: number): Promise<void> {
  await tx
    .updateTable('expiry_notice')
    .set({ sent_at: nowMs })
    .where('tenant_id', '=', key.tenant_id)
    .where('credential_id', '=', key.credential_id)
    .where('expires_at', '=', key.expires_at)
    .where('days_before', '=', key.days_before)
    .where('channel', '=', key.channel)
    .execute()
}

export interface WebhookRow {
  url: string
  /** Makes the signing key, with the server's own. */
  salt: string
}

/** Where a tenant's notices are posted to, if anywhere. */
export function findWebhook(db: Database, tenantId: string): Promise<WebhookRow | undefined> {
  return db.selectFrom('notice_webhook').select(['url', 'salt']).where('tenant_id', '=', tenantId).executeTakeFirst()
}

export async function putWebhook(tx: Tx, tenantId: string, row: WebhookRow & { modified_at: number }): Promise<void> {
  await tx
    .insertInto('notice_webhook')
    .values({ tenant_id: tenantId, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id']).doUpdateSet(row))
    .execute()
}

/** False when there was none. */
export async function deleteWebhook(tx: Tx, tenantId: string): Promise<boolean> {
  const result = await tx.deleteFrom('notice_webhook').where('tenant_id', '=', tenantId).executeTakeFirst()
  return result.numDeletedRows === 1n
}
