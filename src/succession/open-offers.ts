import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import { DomainError } from '../errors.ts'
import { isAdministrator, READ_CREDENTIALS } from '../inventory/credential.ts'
import type { RequestContext } from '../request-context.ts'
import { listOffers, type OfferRow } from './store.ts'

/** The open offers from or to the caller; for an `ORG_ADMIN` all of the tenant. @throws DomainError `beyond_token`. */
export function openOffers({ db, tenantId, nowMs }: RequestContext, caller: Principal): Promise<OfferRow[]> {
  if (!meetsScope(caller, READ_CREDENTIALS))
    throw new DomainError('beyond_token', `The token you call with does not hold the scope ${READ_CREDENTIALS}.`)
  const ofId = isAdministrator(caller) ? undefined : (caller.identityId ?? '')
  return listOffers(db, tenantId, { ofId, nowMs })
}
