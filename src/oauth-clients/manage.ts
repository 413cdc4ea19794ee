import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { retireSecrets } from '../credentials/secrets.ts'
import type { OauthClientRow, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { GrantType } from '../oauth/grant-types.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { clientNotFound } from './find.ts'
import { insertOauthClientRow, updateOauthClientRow } from './store.ts'

/** What an administrator says of a client; what is left out takes ISC's defaults. */
export interface OauthClientInput {
  name: string
  description?: string | undefined
  businessName?: string | undefined
  homepageUrl?: string | undefined
  type?: 'CONFIDENTIAL' | 'PUBLIC' | undefined
  grantTypes: readonly GrantType[]
  redirectUris?: readonly string[] | undefined
  scope?: readonly string[] | undefined
  accessTokenValiditySeconds?: number | undefined
  refreshTokenValiditySeconds?: number | undefined
  accessType?: 'ONLINE' | 'OFFLINE' | undefined
  isPkceRequired?: boolean | undefined
  isEnabled?: boolean | undefined
  isStrongAuthSupported?: boolean | undefined
  isClaimsSupported?: boolean | undefined
}

const ACCESS_TOKEN_SECONDS = 750
const REFRESH_TOKEN_SECONDS = 30 * 86_400

/**
 * Creates a client within the caller's transaction and answers its id, a dashed UUID.
 * @throws DomainError `conflict` when the id is taken.
 */
export async function createOauthClient(
  tx: Tx,
  ctx: RequestContext,
  { id = randomUUID(), ...input }: OauthClientInput & { id?: string | undefined },
): Promise<string> {
  const row = {
    ...columnsOf(input),
    tenant_id: ctx.tenantId,
    id,
    internal: 0,
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  }
  if (!(await insertOauthClientRow(tx, row as OauthClientRow)))
    throw new DomainError('conflict', `There is an API client ${id} already.`)
  const details = { name: input.name }
  await recordAudit(tx, ctx, {
    action: 'oauth_client.created',
    targetKind: 'oauth_client',
    targetId: id,
    details,
  })
  await appendChange(tx, ctx, { kind: 'client', subject: id })
  return id
}

/**
 * Replaces what an administrator says of a client, within the caller's transaction; whether it is enabled stays as it
 * is where nothing is said of it. Disabling it cuts off its tokens, and becoming PUBLIC ends its secrets.
 * @throws DomainError `not_found`.
 */
export async function replaceOauthClient(
  tx: Tx,
  ctx: RequestContext,
  { id, ...input }: OauthClientInput & { id: string },
): Promise<void> {
  const { enabled, ...values } = columnsOf(input)
  const changed = { ...values, modified_at: ctx.nowMs, ...(input.isEnabled !== undefined && { enabled }) }
  if (!(await updateOauthClientRow(tx, ctx.tenantId, id, changed))) throw clientNotFound(id)
  if (values.type === 'PUBLIC') await retireSecrets(tx, ctx.tenantId, id, ctx.nowMs)
  const details = { name: input.name }
  await recordAudit(tx, ctx, {
    action: 'oauth_client.updated',
    targetKind: 'oauth_client',
    targetId: id,
    details,
  })
  // A second disabling finds nothing left to end.
  await appendChange(tx, ctx, { kind: 'client', subject: id, isCutOff: input.isEnabled === false })
}

function columnsOf(input: OauthClientInput) {
  const type = input.type ?? 'CONFIDENTIAL'
  return {
    name: input.name,
    description: input.description ?? '',
    business_name: input.businessName ?? '',
    homepage_url: input.homepageUrl ?? '',
    type,
    grant_types: JSON.stringify(input.grantTypes),
    redirect_uris: JSON.stringify(input.redirectUris ?? []),
    scope: JSON.stringify(input.scope ?? [SCOPE_ALL]),
    access_token_validity_seconds: input.accessTokenValiditySeconds ?? ACCESS_TOKEN_SECONDS,
    refresh_token_validity_seconds: input.refreshTokenValiditySeconds ?? REFRESH_TOKEN_SECONDS,
    access_type: input.accessType ?? 'OFFLINE',
    pkce_required: flag(input.isPkceRequired ?? type === 'PUBLIC'),
    strong_auth_supported: flag(input.isStrongAuthSupported ?? false),
    claims_supported: flag(input.isClaimsSupported ?? false),
    enabled: flag(input.isEnabled ?? true),
  }
}

const flag = (value: boolean): 0 | 1 => (value ? 1 : 0)
