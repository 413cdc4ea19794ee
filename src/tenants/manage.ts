import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { isUniqueViolation } from '../database/conflicts.ts'
import type { TenantRow, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { RESERVED_NAMES } from './origins.ts'
import { completeSettings, type PartialSettings } from './settings.ts'
import { clearDefaultTenant, insertTenantRow, updateTenantRow } from './store.ts'

/** What is said of a tenant when it is made. */
export interface NewTenant {
  id?: string | undefined
  name: string
  displayName?: string | undefined
  isDefault?: boolean | undefined
  vanityDomain?: string | null | undefined
  settings?: PartialSettings | undefined
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A fresh id for a tenant, or the one that was asked for. */
export const newTenantId = (wanted?: string): string => wanted ?? randomUUID()

/**
 * Creates a tenant within the caller's transaction; `ctx` names the tenant to be.
 * @throws DomainError `invalid` for a name that is no DNS label or reserved, `conflict` when a name, id or domain is taken.
 */
export async function createTenant(tx: Tx, ctx: RequestContext, input: NewTenant): Promise<void> {
  const { name } = input
  if (!DNS_LABEL.test(name) || RESERVED_NAMES.includes(name))
    throw new DomainError(
      'invalid',
      `${name} cannot name a tenant: give a DNS label (a-z, 0-9, -) other than ${RESERVED_NAMES.join(', ')}.`,
    )
  const inserted = await insertTenantRow(tx, {
    id: ctx.tenantId,
    name,
    display_name: input.displayName ?? name,
    is_default: 0,
    vanity_domain: input.vanityDomain?.toLowerCase() ?? null,
    state: 'active',
    epoch: 0,
    settings: JSON.stringify(completeSettings(input.settings ?? {})),
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  })
  if (!inserted)
    throw new DomainError(
      'conflict',
      `The name, id or vanity domain of ${name} is taken. Ids of deleted tenants stay so.`,
    )
  await recordAudit(tx, ctx, {
    action: 'tenant.created',
    targetKind: 'tenant',
    targetId: ctx.tenantId,
    details: { name },
  })
  await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId })
  if (input.isDefault) await makeDefault(tx, ctx)
}

/** There is one default tenant: the change log's lane, locked since the change, lets one transaction decide at a time. */
async function makeDefault(tx: Tx, { tenantId, nowMs }: RequestContext): Promise<void> {
  await clearDefaultTenant(tx, tenantId)
  await updateTenantRow(tx, tenantId, { is_default: 1, modified_at: nowMs })
}

/** What may be changed of a tenant. */
export interface TenantChanges {
  displayName?: string | undefined
  isDefault?: boolean | undefined
  vanityDomain?: string | null | undefined
  settings?: PartialSettings | undefined
}

/**
 * Changes what a tenant says of itself, within the caller's transaction.
 * @throws DomainError `not_found`, or `conflict` when another tenant has the vanity domain.
 */
export async function updateTenant(tx: Tx, ctx: RequestContext, changes: TenantChanges): Promise<void> {
  if (!(await changeColumns(tx, ctx, changes))) throw new DomainError('not_found', 'There is no such tenant.')
  await recordAudit(tx, ctx, {
    action: 'tenant.updated',
    targetKind: 'tenant',
    targetId: ctx.tenantId,
    details: { fields: Object.keys(changes) },
  })
  await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId })
  if (changes.isDefault) await makeDefault(tx, ctx)
}

async function changeColumns(tx: Tx, { tenantId, nowMs }: RequestContext, changes: TenantChanges): Promise<boolean> {
  const { displayName, isDefault, vanityDomain, settings } = changes
  const values: Partial<TenantRow> = {
    modified_at: nowMs,
    ...(displayName !== undefined && { display_name: displayName }),
    ...(isDefault === false && { is_default: 0 }),
    ...(vanityDomain !== undefined && { vanity_domain: vanityDomain?.toLowerCase() ?? null }),
    ...(settings && { settings: JSON.stringify(completeSettings(settings)) }),
  }
  try {
    return await updateTenantRow(tx, tenantId, values)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new DomainError('conflict', `The vanity domain ${vanityDomain} is taken by another tenant.`, { cause: error })
  }
}

/**
 * Suspends, resumes or deletes a tenant within the caller's transaction. Suspending and deleting cut off every token.
 * @throws DomainError `not_found`.
 */
export async function setTenantState(
  tx: Tx,
  ctx: RequestContext,
  state: 'active' | 'suspended' | 'deleted',
): Promise<void> {
  const updated = await updateTenantRow(tx, ctx.tenantId, {
    state,
    modified_at: ctx.nowMs,
    // The name and the domain become free; the id and the audit trail stay.
    ...(state === 'deleted' && { name: `deleted ${ctx.tenantId}`, vanity_domain: null, is_default: 0 }),
  })
  if (!updated) throw new DomainError('not_found', 'There is no such tenant.')
  const action = { active: 'tenant.resumed', suspended: 'tenant.suspended', deleted: 'tenant.deleted' }[state]
  await recordAudit(tx, ctx, { action, targetKind: 'tenant', targetId: ctx.tenantId })
  await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId, isCutOff: state !== 'active' })
}
