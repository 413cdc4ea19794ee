import { randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { deleteCredential } from '../credentials/delete.ts'
import { isDeletedCredential } from '../credentials/deletions.ts'
import { isUniqueViolation } from '../database/conflicts.ts'
import type { PersonalAccessTokenRow, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { tokenNotFound } from './own.ts'
import { ACCESS_TOKEN_SECONDS, PERSONAL_ACCESS_TOKENS_PER_OWNER } from './personal-access-token.ts'
import {
  countSlotsAbove,
  findPersonalAccessTokenByName,
  findPersonalAccessTokenRow,
  insertPersonalAccessTokenRow,
  lockPersonalAccessTokenRow,
  updatePersonalAccessTokenRow,
} from './store.ts'

/** What an owner says of a token; what is left out takes ISC's defaults. */
export interface PersonalAccessTokenInput {
  name: string
  scope?: readonly string[] | undefined
  accessTokenValiditySeconds?: number | undefined
  /** Unix milliseconds; null for never. */
  expiresAtMs?: number | null | undefined
  /** That it shall never expire was said in so many words; by default where it never does. */
  isNeverAcknowledged?: boolean | undefined
}

/** A token to be made, for whom. */
export interface NewPersonalAccessToken extends PersonalAccessTokenInput {
  id?: string | undefined
  ownerId: string
  /** How many one owner may hold, at most ten. */
  perOwnerMax: number
}

/**
 * Creates a personal access token within the caller's transaction and answers its id (32 hex). The limit is held by a
 * unique slot per owner, never by counting.
 * @throws DomainError `conflict` for a name or id that is taken, `limit_exceeded` when the owner holds as many as allowed.
 */
export async function createPersonalAccessToken(
  tx: Tx,
  ctx: RequestContext,
  input: NewPersonalAccessToken,
): Promise<string> {
  const id = input.id ?? randomBytes(16).toString('hex')
  const row: Omit<PersonalAccessTokenRow, 'slot'> = {
    tenant_id: ctx.tenantId,
    id,
    owner_id: input.ownerId,
    ...columnsOf(input),
    managed: 0,
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  }
  if (input.id !== undefined && (await isDeletedCredential(tx, ctx.tenantId, id)))
    throw new DomainError('conflict', `The id ${id} belonged to a token that was deleted. Choose another id.`)
  if (!(await takeSlot(tx, row, input.perOwnerMax))) throw await whyNot(tx, row)
  const details = { name: input.name, ownerId: input.ownerId }
  await recordAudit(tx, ctx, {
    action: 'personal_access_token.created',
    targetKind: 'personal_access_token',
    targetId: id,
    details,
  })
  await appendChange(tx, ctx, { kind: 'client', subject: id })
  return id
}

async function takeSlot(tx: Tx, row: Omit<PersonalAccessTokenRow, 'slot'>, perOwnerMax: number): Promise<boolean> {
  const max = Math.min(perOwnerMax, PERSONAL_ACCESS_TOKENS_PER_OWNER)
  // Slots above the limit were taken when it was higher; nobody takes one now.
  const beyond = await countSlotsAbove(tx, row.tenant_id, { ownerId: row.owner_id, slot: max })
  for (let slot = 1; slot <= max - beyond; slot++)
    if (await insertPersonalAccessTokenRow(tx, { ...row, slot })) return true
  return false
}

async function whyNot(tx: Tx, row: Omit<PersonalAccessTokenRow, 'slot'>): Promise<DomainError> {
  if (await findPersonalAccessTokenRow(tx, row.tenant_id, row.id))
    return new DomainError('conflict', `There is a personal access token ${row.id} already.`)
  if (await findPersonalAccessTokenByName(tx, row.tenant_id, { ownerId: row.owner_id, name: row.name }))
    return nameTaken(row.name)
  return new DomainError(
    'limit_exceeded',
    'The owner holds as many personal access tokens as allowed. Delete one first.',
  )
}

/**
 * Replaces what an owner says of a token, within the caller's transaction. Where it is to end so soon that something it
 * minted could outlive it, what it minted is cut off.
 * @throws DomainError `not_found`, or `conflict` when the owner has another token of the name.
 */
export async function replacePersonalAccessToken(
  tx: Tx,
  ctx: RequestContext,
  { id, ...input }: PersonalAccessTokenInput & { id: string },
): Promise<void> {
  await lockPersonalAccessTokenRow(tx, ctx.tenantId, id)
  const before = await findPersonalAccessTokenRow(tx, ctx.tenantId, id)
  if (!before || !(await replaceRow(tx, ctx, { ...input, id }))) throw tokenNotFound(id)
  const details = { name: input.name }
  await recordAudit(tx, ctx, {
    action: 'personal_access_token.updated',
    targetKind: 'personal_access_token',
    targetId: id,
    details,
  })
  await appendChange(tx, ctx, { kind: 'client', subject: id, isCutOff: endsTooSoon(before, input, ctx.nowMs) })
}

/** Access tokens say themselves when they end, and one minted before the change may say a later time. */
const endsTooSoon = (
  before: Pick<PersonalAccessTokenRow, 'expires_at'>,
  { expiresAtMs = null }: PersonalAccessTokenInput,
  nowMs: number,
): boolean =>
  expiresAtMs !== null &&
  expiresAtMs < (before.expires_at ?? Number.POSITIVE_INFINITY) &&
  expiresAtMs < nowMs + ACCESS_TOKEN_SECONDS * 1000

async function replaceRow(
  tx: Tx,
  ctx: RequestContext,
  { id, ...input }: PersonalAccessTokenInput & { id: string },
): Promise<boolean> {
  const values = { ...columnsOf(input), modified_at: ctx.nowMs }
  try {
    return await updatePersonalAccessTokenRow(tx, ctx.tenantId, id, values)
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken(input.name, error)
    throw error
  }
}

const nameTaken = (name: string, cause?: unknown): DomainError =>
  new DomainError('conflict', `The owner has a personal access token named ${name} already. Choose another name.`, {
    cause,
  })

/**
 * Deletes a personal access token within the caller's transaction, and cuts off the tokens it minted. Its id stays
 * taken for ever. @throws DomainError `not_found`.
 */
export async function deletePersonalAccessToken(tx: Tx, ctx: RequestContext, id: string): Promise<void> {
  if (!(await deleteCredential(tx, ctx, { kind: 'personal_access_token', id }))) throw tokenNotFound(id)
}

/** The columns that an owner decides on. */
type Columns = Pick<
  PersonalAccessTokenRow,
  'name' | 'scope' | 'access_token_validity_seconds' | 'expires_at' | 'never_expires_acknowledged'
>

const columnsOf = ({
  name,
  scope,
  accessTokenValiditySeconds,
  expiresAtMs,
  isNeverAcknowledged = expiresAtMs === null,
}: PersonalAccessTokenInput): Columns => ({
  name,
  scope: JSON.stringify(scope ?? [SCOPE_ALL]),
  access_token_validity_seconds: accessTokenValiditySeconds ?? ACCESS_TOKEN_SECONDS,
  expires_at: expiresAtMs ?? null,
  never_expires_acknowledged: isNeverAcknowledged ? 1 : 0,
})
