import type { Selectable } from 'kysely'
import type { SuccessionOfferTable } from '../database/lifecycle-schema.ts'
import type { Database, Tx } from '../database/schema.ts'

export type OfferRow = Selectable<SuccessionOfferTable>

/** False when the token is on offer already. An offer that expired makes room. */
export async function insertOffer(tx: Tx, row: OfferRow): Promise<boolean> {
  await tx
    .deleteFrom('succession_offer')
    .where('tenant_id', '=', row.tenant_id)
    .where('credential_id', '=', row.credential_id)
    .where('expires_at', '<=', row.offered_at)
    .execute()
  const result = await tx
    .insertInto('succession_offer')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** An offer that is still open. */
export function findOffer(db: Database, tenantId: string, id: string, nowMs: number): Promise<OfferRow | undefined> {
  return db
    .selectFrom('succession_offer')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
}

/** Takes an open offer away; of two that would, one does. */
export async function takeOffer(tx: Tx, tenantId: string, id: string, nowMs: number): Promise<boolean> {
  const result = await tx
    .deleteFrom('succession_offer')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}

const OFFERS_MAX = 1000

/** The open offers from or to an identity, or all of the tenant. */
export function listOffers(
  db: Database,
  tenantId: string,
  { ofId, nowMs }: { ofId: string | undefined; nowMs: number },
): Promise<OfferRow[]> {
  const open = db
    .selectFrom('succession_offer')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '>', nowMs)
  const seen = ofId === undefined ? open : open.where((eb) => eb.or([eb('from_id', '=', ofId), eb('to_id', '=', ofId)]))
  return seen.orderBy('offered_at').orderBy('id').limit(OFFERS_MAX).execute()
}

/** Remembers the live secrets of a token as those that its former owner may know until then. */
export async function rememberHandedOver(
  tx: Tx,
  tenantId: string,
  {
    formerOwnerId,
    credentialId,
    until,
    nowMs,
  }: { formerOwnerId: string; credentialId: string; until: number; nowMs: number },
): Promise<void> {
  const live = await tx
    .selectFrom('credential_secret')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', nowMs)]))
    .execute()
  for (const { id } of live)
    await tx
      .insertInto('handed_over_secret')
      .values({
        tenant_id: tenantId,
        former_owner_id: formerOwnerId,
        credential_id: credentialId,
        secret_id: id,
        until,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

export interface OwnedToken {
  id: string
  name: string
  scope: string
  expires_at: number | null
}

/** The personal access tokens of an identity, by name. */
export function listOwnedTokens(db: Database, tenantId: string, ownerId: string): Promise<OwnedToken[]> {
  return db
    .selectFrom('personal_access_token')
    .select(['id', 'name', 'scope', 'expires_at'])
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .orderBy('name')
    .execute()
}

const SIGN_INS_MAX = 500

/** The API clients that act for an identity by a refresh token of their own, with how many they have. */
export async function listSignedInClients(
  db: Database,
  tenantId: string,
  { identityId, nowMs }: { identityId: string; nowMs: number },
): Promise<{ clientId: string; sessions: number }[]> {
  const rows = await db
    .selectFrom('refresh_family')
    .select('client_id')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .limit(SIGN_INS_MAX)
    .execute()
  const byClient = Map.groupBy(rows, ({ client_id }) => client_id)
  return [...byClient].map(([clientId, { length: sessions }]) => ({ clientId, sessions })).sort(byClientId)
}

const byClientId = (one: { clientId: string }, other: { clientId: string }): number =>
  one.clientId < other.clientId ? -1 : 1
