import { recordAudit } from '../../audit/record.ts'
import { fromStoredJson } from '../../database/stored-json.ts'
import { DomainError } from '../../errors.ts'
import { getIdentity } from '../../identities/list.ts'
import type { RequestContext } from '../../request-context.ts'
import { type Acting, changing, type PeopleServices } from '../acting.ts'
import type { AttributeConfig, PublicIdentityConfig } from './schemas.ts'
import { findConfigRow, saveConfigRow } from './store.ts'

/** Which attributes everybody may see of everybody; none until an administrator says so. */
export async function readConfig({ db, tenantId }: RequestContext): Promise<PublicIdentityConfig> {
  const row = await findConfigRow(db, tenantId)
  if (!row) return { attributes: [], modified: null }
  const { attributes, modified_by: by, modified_at: at } = row
  const name = by === null ? undefined : await nameOf({ db, tenantId }, by)
  return {
    attributes: fromStoredJson<AttributeConfig[]>(attributes),
    modified: new Date(at).toISOString(),
    ...(by !== null && name !== undefined && { modifiedBy: { type: 'IDENTITY' as const, id: by, name } }),
  }
}

async function nameOf(
  { db, tenantId }: Pick<RequestContext, 'db' | 'tenantId'>,
  id: string,
): Promise<string | undefined> {
  try {
    return (await getIdentity(db, tenantId, id)).displayName
  } catch (error) {
    if (error instanceof DomainError) return undefined // it was deleted since
    throw error
  }
}

/** Replaces which attributes everybody may see of everybody. @throws DomainError `invalid` for a key given twice. */
export async function replaceConfig(
  services: PeopleServices,
  { ctx }: Acting,
  attributes: readonly AttributeConfig[],
): Promise<PublicIdentityConfig> {
  const keys = attributes.map(({ key }) => key)
  if (new Set(keys).size < keys.length) throw new DomainError('invalid', 'Name each attribute once.')
  await changing(services, ctx, async (tx) => {
    await saveConfigRow(tx, ctx.tenantId, {
      attributes: JSON.stringify(attributes),
      modified_by: ctx.actor.kind === 'identity' ? ctx.actor.id : null,
      modified_at: ctx.nowMs,
    })
    await recordAudit(tx, ctx, {
      action: 'public_identity_config.updated',
      targetKind: 'tenant',
      targetId: ctx.tenantId,
      details: { attributes: keys },
    })
  })
  return readConfig(ctx)
}
