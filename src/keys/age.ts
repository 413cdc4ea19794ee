import type { Database } from '../database/schema.ts'
import { findSigningKeys } from './store.ts'

/** How old the newest access key of a tenant is, in milliseconds; undefined where no key was needed yet. */
export async function signingKeyAgeMs(db: Database, tenantId: string, nowMs: number): Promise<number | undefined> {
  const [newest] = await findSigningKeys(db, tenantId, { purpose: 'access', nowMs })
  return newest && nowMs - newest.activates_at
}
