import type { RequestContext } from '../request-context.ts'
import type { Parties } from './parties.ts'
import { hasCutOffSince } from './store.ts'

/** True when the client, the person or the tenant was cut off since: what they were issued is dead, whatever it says. */
export const isCutOff = (
  { db, tenantId }: RequestContext,
  { clientId, identityId, position }: Parties & { readonly position: number },
): Promise<boolean> => hasCutOffSince(db, { tenantId, clientId, identityId, position })
