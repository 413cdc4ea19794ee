import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { completeSettings, type PartialSettings, type TenantSettings } from './settings.ts'
import { lockTenantSettings, updateTenantRow } from './store.ts'

/**
 * Changes settings of the acting tenant within the caller's transaction, and answers all of them. `change` sees what
 * they are, which nobody else changes meanwhile, and answers the sections that are to be otherwise.
 * @throws DomainError `not_found`, and whatever `change` throws.
 */
export async function changeTenantSettings(
  tx: Tx,
  ctx: RequestContext,
  change: (current: TenantSettings) => PartialSettings,
): Promise<TenantSettings> {
  const stored = await lockTenantSettings(tx, ctx.tenantId)
  if (stored === undefined) throw new DomainError('not_found', 'There is no such tenant.')
  const before = completeSettings(fromStoredJson(stored))
  const after = completeSettings({ ...before, ...change(before) })
  await updateTenantRow(tx, ctx.tenantId, { settings: JSON.stringify(after), modified_at: ctx.nowMs })
  await recordAudit(tx, ctx, {
    action: 'tenant.settings_updated',
    targetKind: 'tenant',
    targetId: ctx.tenantId,
    details: differenceOf(before, after),
  })
  await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId })
  return after
}

/** The sections that differ, as they were and as they are. */
function differenceOf(before: TenantSettings, after: TenantSettings): { before: object; after: object } {
  const names = (Object.keys(after) as (keyof TenantSettings)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  const of = (settings: TenantSettings): object => Object.fromEntries(names.map((name) => [name, settings[name]]))
  return { before: of(before), after: of(after) }
}
