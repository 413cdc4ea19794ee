import type { Principal } from '../access/policy.ts'
import {
  type Credential,
  type CredentialSources,
  READ_CREDENTIALS,
  requireCredential,
} from '../inventory/credential.ts'
import type { RequestContext } from '../request-context.ts'
import { type UsageDetails, usageDetails } from './details.ts'
import type { Days } from './store.ts'
import { datesOf } from './window.ts'

/** What breaks when a credential is deleted. */
export interface Impact extends UsageDetails {
  readonly credential: Pick<Credential, 'id' | 'kind' | 'name' | 'ownerId'>
  readonly since: string
  readonly until: string
  readonly inUse: boolean
  /** The same in a sentence. */
  readonly summary: string
}

/**
 * What a credential called lately and from where: what stops when it is deleted.
 * @throws DomainError `not_found` for one that the caller may not look at.
 */
export async function impactOf(
  sources: CredentialSources,
  ctx: RequestContext,
  { caller, id, days }: { caller: Principal; id: string; days: Days },
): Promise<Impact> {
  const credential = await requireCredential(sources, ctx, { caller, id, scope: READ_CREDENTIALS })
  const details = await usageDetails(ctx, id, days)
  const { kind, name, ownerId } = credential
  return {
    credential: { id, kind, name, ownerId },
    ...datesOf(days),
    ...details,
    inUse: details.calls > 0,
    summary: summaryOf(details, name),
  }
}

function summaryOf({ calls, operations, networks, lastCallAt }: UsageDetails, name: string): string {
  if (lastCallAt === null) return `Nothing was called with ${name} in these days. Deleting it should break nothing.`
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
  return `${many(calls, 'call')} to ${many(operations.length, 'operation')} from ${many(networks.length, 'network')}, the latest at ${lastCallAt}, stop working when ${name} is deleted.`
}
