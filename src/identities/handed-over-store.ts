import { sql } from 'kysely'
import type { Tx } from '../database/schema.ts'

/** A secret that its former owner may still know. */
interface HandedOver {
  credential_id: string
  secret_id: string
}

/** Forgets what an identity handed over, and answers it. */
export function takeHandedOver(tx: Tx, tenantId: string, formerOwnerId: string): Promise<HandedOver[]> {
  return tx
    .deleteFrom('handed_over_secret')
    .where('tenant_id', '=', tenantId)
    .where('former_owner_id', '=', formerOwnerId)
    .returning(['credential_id', 'secret_id'])
    .execute()
}

/**
 * Forgets what an identity handed over or was handed, where the owner now holds a user level that the former owner does
 * not hold, and answers it.
 */
export function takeOutgrown(tx: Tx, tenantId: string, identityId: string): Promise<HandedOver[]> {
  const outgrown = sql<boolean>`exists (
    select 1 from "personal_access_token" as "token"
      join "identity_user_level" as "held"
        on "held"."tenant_id" = "token"."tenant_id" and "held"."identity_id" = "token"."owner_id"
      where "token"."tenant_id" = "handed_over_secret"."tenant_id"
        and "token"."id" = "handed_over_secret"."credential_id"
        and ${identityId} in ("token"."owner_id", "handed_over_secret"."former_owner_id")
        and not exists (
          select 1 from "identity_user_level" as "former"
            where "former"."tenant_id" = "held"."tenant_id"
              and "former"."identity_id" = "handed_over_secret"."former_owner_id"
              and "former"."user_level" = "held"."user_level"))`
  return tx
    .deleteFrom('handed_over_secret')
    .where('tenant_id', '=', tenantId)
    .where(outgrown)
    .returning(['credential_id', 'secret_id'])
    .execute()
}

/** Ends those of these secrets that are live, and answers whose they were. */
export async function retireHandedOver(
  tx: Tx,
  tenantId: string,
  { handedOver, nowMs }: { handedOver: readonly HandedOver[]; nowMs: number },
): Promise<string[]> {
  const ended = new Set<string>()
  for (const { credential_id, secret_id } of handedOver) {
    const { numUpdatedRows } = await tx
      .updateTable('credential_secret')
      .set({ retired_at: nowMs })
      .where('tenant_id', '=', tenantId)
      .where('credential_id', '=', credential_id)
      .where('id', '=', secret_id)
      .where('retired_at', '>', nowMs)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) ended.add(credential_id)
  }
  return [...ended]
}
