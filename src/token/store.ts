import { sql } from 'kysely'
import { compileOnce } from '../database/compile-once.ts'
import type { Database } from '../database/schema.ts'
import { cutOffSince } from '../revocations/durable-cut-offs.ts'
import { type Parties, subjectsOf } from './parties.ts'

interface Issue extends Parties {
  tenantId: string
  /** The change-log position of the issuer. */
  position: number
}

/** True when client, person or tenant were cut off since. Asks the table, which forgets nothing. */
export async function hasCutOffSince(db: Database, issue: Issue): Promise<boolean> {
  const { rows } = await find(db, issue)
  return rows.length > 0
}

const find = compileOnce((db, { tenantId, clientId, identityId, position }: Issue) =>
  sql`select 1 where ${cutOffSince(tenantId, subjectsOf(tenantId, { clientId, identityId }), position)}`.compile(db),
)
