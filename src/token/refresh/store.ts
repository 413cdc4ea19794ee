import type { Database, RefreshFamilyRow, Tx } from '../../database/schema.ts'

const columns = [
  'tenant_id',
  'id',
  'client_id',
  'identity_id',
  'scope',
  'generation',
  'rotated_at',
  'issued_position',
  'created_at',
  'expires_at',
  'revoked_at',
] as const

export async function insertFamily(tx: Tx, row: RefreshFamilyRow): Promise<void> {
  await tx.insertInto('refresh_family').values(row).execute()
}

export function findFamily(db: Database, tenantId: string, id: string): Promise<RefreshFamilyRow | undefined> {
  return db
    .selectFrom('refresh_family')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export interface Rotation {
  id: string
  clientId: string
  /** The generation whose refresh token was presented. */
  generation: number
  nowMs: number
  position: number
}

/**
 * Rotates a family in one conditional statement: from just this generation, by its own client, alive, and issued after
 * the latest cut-off of its client, its identity and its tenant. Undefined when any of it does not hold.
 */
export async function rotateFamily(
  tx: Tx,
  tenantId: string,
  { id, clientId, generation, nowMs, position }: Rotation,
): Promise<RefreshFamilyRow | undefined> {
  return tx
    .updateTable('refresh_family')
    .set({ generation: generation + 1, rotated_at: nowMs, issued_position: position })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('client_id', '=', clientId)
    .where('generation', '=', generation)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .where((family) =>
      family.not(
        family.exists(
          family
            .selectFrom('cut_off')
            .select('cut_off.position')
            .where('cut_off.tenant_id', '=', tenantId)
            .whereRef('cut_off.position', '>', 'refresh_family.issued_position')
            .where((cutOff) =>
              cutOff.or([
                cutOff('cut_off.kind', '=', 'tenant'),
                cutOff.and([
                  cutOff('cut_off.kind', '=', 'client'),
                  cutOff('cut_off.subject', '=', cutOff.ref('refresh_family.client_id')),
                ]),
                cutOff.and([
                  cutOff('cut_off.kind', '=', 'identity'),
                  cutOff('cut_off.subject', '=', cutOff.ref('refresh_family.identity_id')),
                ]),
              ]),
            ),
        ),
      ),
    )
    .returning(columns)
    .executeTakeFirst()
}

/** Ends a family in one conditional statement; false when it was ended before or never was. */
export async function revokeFamily(
  tx: Tx,
  tenantId: string,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('refresh_family')
    .set({ revoked_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
