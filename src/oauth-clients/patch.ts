import { type Static, Type } from 'typebox'
import { scopePassedOn } from '../access/passing-on.ts'
import type { Principal } from '../access/policy.ts'
import { Scopes } from '../credentials/values.ts'
import type { Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import { requireShape } from '../http/require-shape.ts'
import type { RequestContext } from '../request-context.ts'
import { type DescribedClient, representClient } from './described-client.ts'
import { clientNotFound } from './find.ts'
import { describeOauthClient } from './list.ts'
import { type OauthClientInput, replaceOauthClient } from './manage.ts'
import { requireSoundFlow } from './rules.ts'
import { lockOauthClientRow } from './store.ts'
import { changeableValues, inputFrom } from './values.ts'

const Patched = Type.Object(changeableValues)
const OursPatched = Type.Object({ scope: Scopes, pkceRequired: Type.Boolean() })

/** A patch of one client. */
export interface ClientPatch {
  readonly id: string
  readonly patch: JsonPatch
}

/**
 * Patches what ISC lets an administrator change. Disabling a client ends its tokens.
 * @throws DomainError `not_found`, `illegal_update`, `illegal_value`.
 */
export async function patchOauthClient(ctx: RequestContext, { id, patch }: ClientPatch): Promise<DescribedClient> {
  return changeClient(ctx, id, (client) => {
    const document = applyJsonPatch(representClient(client), patch, Object.keys(changeableValues))
    return inputFrom(requireShape(Patched, document) satisfies Static<typeof Patched>)
  })
}

/**
 * Patches what ISC has no way to change: the scope, within that of the calling token, and whether PKCE is required.
 * Tokens that are out keep the scope that they have.
 * @throws DomainError `not_found`, `illegal_update`, `illegal_value`, `beyond_token`.
 */
export async function patchOauthClientScope(
  ctx: RequestContext,
  { id, patch, caller }: ClientPatch & { caller: Principal },
): Promise<DescribedClient> {
  return changeClient(ctx, id, (client) => {
    const document = { ...representClient(client), pkceRequired: client.isPkceRequired }
    const patched = requireShape(OursPatched, applyJsonPatch(document, patch, Object.keys(OursPatched.properties)))
    const isChanged = JSON.stringify(patched.scope) !== JSON.stringify(client.scope)
    const scope = isChanged ? scopePassedOn(caller, patched.scope) : client.scope
    return { scope, isPkceRequired: patched.pkceRequired }
  })
}

async function changeClient(
  ctx: RequestContext,
  id: string,
  change: (client: DescribedClient) => Partial<OauthClientInput>,
): Promise<DescribedClient> {
  const find = async (tx: Tx) => (await describeOauthClient(tx, ctx.tenantId, id)) ?? Promise.reject(clientNotFound(id))
  return writeTransaction(ctx.db, async (tx) => {
    // Two patches at once: the second begins with what the first made.
    await lockOauthClientRow(tx, ctx.tenantId, id)
    const client = await find(tx)
    const { isEnabled, ...rest } = { ...client, ...change(client) }
    requireSoundFlow(rest)
    // Said again to a client that is disabled it would end nothing more, but tell the audit trail that it did.
    const newlySaid = isEnabled === client.isEnabled ? undefined : isEnabled
    await replaceOauthClient(tx, ctx, { ...rest, isEnabled: newlySaid })
    return find(tx)
  })
}
