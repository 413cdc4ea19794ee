import type { Selectable } from 'kysely'
import type { CredentialUseTable, Database } from '../database/schema.ts'
import { writeInOrder } from '../database/write-in-order.ts'

const DAY_MS = 86_400_000

/** When a credential, or one of its secrets, was used. */
export type CredentialUse = Omit<Selectable<CredentialUseTable>, 'daily_at'>

/** What tells one from another. */
export const keyOf = (use: CredentialUse): string => `${use.tenant_id} ${use.credential_id} ${use.secret_id}`

/** Moves on the latest uses, all or nothing. The uses are of one tenant, and no two of the same secret. */
export function moveUsesOn(db: Database, uses: readonly CredentialUse[]): Promise<void> {
  return writeInOrder(db, uses, keyOf, (tx, batch) =>
    tx
      .insertInto('credential_use')
      .values(batch.map((use) => ({ ...use, daily_at: use.last_at })))
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'credential_id', 'secret_id'])
          .doUpdateSet((eb) => ({
            last_at: eb.ref('excluded.last_at'),
            daily_at: eb
              .case()
              .when('excluded.last_at', '>=', eb('credential_use.daily_at', '+', DAY_MS))
              .then(eb.ref('excluded.last_at'))
              .else(eb.ref('credential_use.daily_at'))
              .end(),
          }))
          .where((eb) => eb('excluded.last_at', '>', eb.ref('credential_use.last_at'))),
      )
      .execute(),
  )
}

/** When each secret of a credential was used last; the empty id is the credential as a whole. */
export async function findLastUses(
  db: Database,
  tenantId: string,
  credentialId: string,
): Promise<Map<string, { last_at: number; daily_at: number }>> {
  const rows = await db
    .selectFrom('credential_use')
    .select(['secret_id', 'last_at', 'daily_at'])
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .execute()
  return new Map(rows.map(({ secret_id, ...use }) => [secret_id, use]))
}
