import type { Principal } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import { appendChange } from '../change-log/change.ts'
import { setCredentialScope } from '../credentials/set-scope.ts'
import type { Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { DomainError } from '../errors.ts'
import {
  type Credential,
  type CredentialSources,
  MANAGE_CREDENTIALS,
  READ_CREDENTIALS,
  requireCredential,
} from '../inventory/credential.ts'
import { requireScopeWithin } from '../inventory/scope-within.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { shadowRefusals } from '../usage/details.ts'
import type { ShadowScopes } from './shadow-scopes.ts'
import { findShadow, putShadow, type ShadowRow, takeShadow } from './shadow-store.ts'

export interface ShadowOperationServices extends CredentialSources {
  changes: ChangeLog
  shadowScopes: ShadowScopes
}

interface Asking {
  caller: Principal
  id: string
}

/** A narrower scope on trial, and what it would have refused so far. */
export interface Shadow {
  readonly clientId: string
  readonly scope: readonly string[]
  readonly startedAt: string
  readonly wouldRefuse: readonly { method: string; path: string; calls: number; lastCallAt: string }[]
}

/**
 * Sets a narrower scope on a credential that refuses nothing, and only counts what it would have refused.
 * @throws DomainError `not_found`, `illegal_value` for a scope that is not narrower, `beyond_token`.
 */
export async function startShadow(
  services: ShadowOperationServices,
  ctx: RequestContext,
  { scope, ...asking }: Asking & { scope: readonly string[] },
): Promise<Shadow> {
  const credential = await require(services, ctx, asking)
  requireNarrower(credential, scope)
  requireScopeWithin(asking.caller, scope)
  const wanted = JSON.stringify([...new Set(scope)].sort())
  const row: ShadowRow = { credential_id: credential.id, scope: wanted, started_at: ctx.nowMs }
  await write(services, ctx, { ...credential, action: 'shadow_started' }, async (tx) => {
    await putShadow(tx, ctx.tenantId, row)
    return { scope: fromStoredJson<string[]>(wanted) }
  })
  return shadowOf(ctx, row)
}

/** What a credential's shadow scope would have refused so far. @throws DomainError `not_found`. */
export async function showShadow(
  services: ShadowOperationServices,
  ctx: RequestContext,
  { caller, id }: Asking,
): Promise<Shadow> {
  await requireCredential(services, ctx, { caller, id, scope: READ_CREDENTIALS })
  return shadowOf(ctx, await requireShadow(ctx, id))
}

/** Makes the shadow scope the scope of new tokens. @throws DomainError `not_found`, `beyond_token`. */
export async function applyShadow(
  services: ShadowOperationServices,
  ctx: RequestContext,
  asking: Asking,
): Promise<void> {
  const credential = await require(services, ctx, asking)
  const row = await requireShadow(ctx, credential.id)
  const scope = fromStoredJson<string[]>(row.scope)
  requireNarrower(credential, scope)
  requireScopeWithin(asking.caller, scope)
  await write(services, ctx, { ...credential, action: 'scope_narrowed' }, async (tx) => {
    if (!(await takeShadow(tx, ctx.tenantId, row))) throw noShadow(credential.id)
    const { id, scope: before } = credential
    await setCredentialScope(tx, ctx, { kind: kindOf(credential), id, scope, from: before })
    return { scope, before }
  })
}

/** Drops the shadow scope; nothing else changes. @throws DomainError `not_found`. */
export async function dropShadow(
  services: ShadowOperationServices,
  ctx: RequestContext,
  asking: Asking,
): Promise<void> {
  const credential = await require(services, ctx, asking)
  const row = await requireShadow(ctx, credential.id)
  await write(services, ctx, { ...credential, action: 'shadow_dropped' }, async (tx) => {
    if (!(await takeShadow(tx, ctx.tenantId, row))) throw noShadow(credential.id)
    return {}
  })
}

const require = (services: ShadowOperationServices, ctx: RequestContext, asking: Asking): Promise<Credential> =>
  requireCredential(services, ctx, { ...asking, scope: MANAGE_CREDENTIALS })

/** The kind of a credential as the audit trail names it. */
const kindOf = ({ kind }: Pick<Credential, 'kind'>) =>
  kind === 'OAUTH_CLIENT' ? 'oauth_client' : 'personal_access_token'

/** Runs a change of a credential, records it, and lets every process know. */
async function write(
  { changes, shadowScopes }: ShadowOperationServices,
  ctx: RequestContext,
  { action, ...credential }: Pick<Credential, 'id' | 'kind'> & { action: string },
  run: (tx: Tx) => Promise<Record<string, unknown>>,
): Promise<void> {
  const { id } = credential
  const targetKind = kindOf(credential)
  await writeTransaction(ctx.db, async (tx) => {
    const details = await run(tx)
    await recordAudit(tx, ctx, { action: `${targetKind}.${action}`, targetKind, targetId: id, details })
    await appendChange(tx, ctx, { kind: 'client', subject: id })
  })
  await changes.catchUp()
  // Known from here on, so that the next call is counted at once.
  await shadowScopes.find(ctx.db, ctx.tenantId)
}

/** @throws DomainError `illegal_value`. */
function requireNarrower({ scope: granted, name }: Credential, scope: readonly string[]): void {
  const beyond = granted.includes(SCOPE_ALL) ? [] : scope.filter((each) => !granted.includes(each))
  if (beyond.length > 0)
    throw new DomainError(
      'illegal_value',
      `A narrower scope holds nothing new, and ${name} does not hold ${beyond.join(', ')}.`,
    )
}

async function requireShadow({ db, tenantId }: RequestContext, id: string): Promise<ShadowRow> {
  const row = await findShadow(db, tenantId, id)
  if (!row) throw noShadow(id)
  return row
}

const noShadow = (id: string): DomainError => new DomainError('not_found', `The credential ${id} has no shadow scope.`)

async function shadowOf(ctx: RequestContext, row: ShadowRow): Promise<Shadow> {
  return {
    clientId: row.credential_id,
    scope: fromStoredJson(row.scope),
    startedAt: new Date(row.started_at).toISOString(),
    wouldRefuse: await shadowRefusals(ctx, row.credential_id),
  }
}
