import { recordAudit } from '../audit/record.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import { appendChange } from '../change-log/change.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import type { RequestContext } from '../request-context.ts'
import { findDocument, lockDocument, saveDocument } from './store.ts'

/** A document that a tenant has once: configuration which is kept as it is written. */
export interface TenantDocument<Content> {
  /** Its name in the database and in the audit trail: `org_config`. */
  name: string
  /** What it is before anybody changed it. */
  initial: Content
}

/** What the document says now. */
export async function readDocument<Content>(
  { db, tenantId }: RequestContext,
  { name, initial }: TenantDocument<Content>,
): Promise<Content> {
  const stored = await findDocument(db, { tenantId, name })
  return stored === undefined ? initial : fromStoredJson(stored)
}

/** Changes the document and answers it. `change` sees what nobody else changes meanwhile, and may refuse. */
export function changeDocument<Content>(
  changes: ChangeLog,
  ctx: RequestContext,
  { name, initial }: TenantDocument<Content>,
  change: (current: Content) => Content,
): Promise<Content> {
  const { tenantId, nowMs } = ctx
  return changes.write(ctx, async (tx) => {
    const stored = await lockDocument(tx, { tenantId, name }, { document: JSON.stringify(initial), nowMs })
    const after = change(fromStoredJson(stored))
    await saveDocument(tx, { tenantId, name }, JSON.stringify(after))
    await recordAudit(tx, ctx, { action: `${name}.updated`, targetKind: 'tenant', targetId: tenantId })
    await appendChange(tx, ctx, { kind: 'tenant', subject: tenantId })
    return after
  })
}
