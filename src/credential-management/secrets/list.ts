import { findSecrets } from '../../credentials/secrets.ts'
import { lastUsesOf } from '../../credentials/uses.ts'
import type { RequestContext } from '../../request-context.ts'
import type { ToldSecret } from './secret.ts'

/** The secrets that a credential has and had, the oldest first, without their values. */
export async function listSecrets({ db, tenantId, nowMs }: RequestContext, id: string): Promise<ToldSecret[]> {
  const [secrets, uses] = [await findSecrets(db, tenantId, id), await lastUsesOf(db, tenantId, id)]
  return secrets.map((secret) => ({
    id: secret.id,
    state: stateOf(secret.retired_at, nowMs),
    createdAt: new Date(secret.created_at).toISOString(),
    lastUsedAt: isoOrNull(uses.get(secret.id) ?? null),
    retiresAt: isoOrNull(secret.retired_at),
  }))
}

function stateOf(retiredAt: number | null, nowMs: number): ToldSecret['state'] {
  if (retiredAt === null) return 'LIVE'
  return retiredAt > nowMs ? 'RETIRING' : 'RETIRED'
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
