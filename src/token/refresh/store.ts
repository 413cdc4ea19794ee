import { sql } from 'kysely'
import { compileOnce } from '../../database/compile-once.ts'
import type { Database, RefreshFamilyRow, Tx } from '../../database/schema.ts'
import { cutOffSince } from '../../revocations/durable-cut-offs.ts'
import { subjectsOf } from '../parties.ts'

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
  await insert(tx, row)
}

const insert = compileOnce((db, row: RefreshFamilyRow) =>
  db
    .insertInto('refresh_family')
    .values({
      tenant_id: row.tenant_id,
      id: row.id,
      client_id: row.client_id,
      identity_id: row.identity_id,
      scope: row.scope,
      generation: row.generation,
      rotated_at: row.rotated_at,
      issued_position: row.issued_position,
      created_at: row.created_at,
      expires_at: row.expires_at,
      revoked_at: row.revoked_at,
    })
    .compile(),
)

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
  identityId: string
  /** The generation whose refresh token was presented. */
  generation: number
  nowMs: number
  position: number
}

/**
 * Rotates a family in one conditional statement: from just this generation, by its own client, alive, and issued after
 * the latest cut-off of its client, its identity and its tenant. False when any of it does not hold.
 */
export async function rotateFamily(tx: Tx, tenantId: string, rotation: Rotation): Promise<boolean> {
  const { numAffectedRows } = await rotate(tx, { ...rotation, tenantId, nextGeneration: rotation.generation + 1 })
  return numAffectedRows === 1n
}

const rotate = compileOnce((db, rotation: Rotation & { tenantId: string; nextGeneration: number }) => {
  const { tenantId, id, clientId, generation, nextGeneration, nowMs, position } = rotation
  return sql`
    update "refresh_family"
    set "generation" = ${nextGeneration}, "rotated_at" = ${nowMs}, "issued_position" = ${position}
    where "tenant_id" = ${tenantId} and "id" = ${id} and "client_id" = ${clientId} and "generation" = ${generation}
      and "revoked_at" is null and "expires_at" > ${nowMs}
      and not ${cutOffSince(tenantId, subjectsOf(tenantId, rotation), sql.ref('refresh_family.issued_position'))}
  `.compile(db)
})

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
