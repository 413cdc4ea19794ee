import { boundedCache } from '../bounded-cache.ts'
import type { Database } from '../database/schema.ts'
import { WriteBehind } from '../write-behind.ts'
import { type CredentialUse, findLastUses, keyOf, moveUsesOn } from './use-store.ts'

/** A credential that obtained a token, and which of its secrets proved it: none for a PUBLIC client. */
export interface UsedCredential {
  readonly tenantId: string
  readonly credentialId: string
  readonly secretId: string | undefined
}

const MINUTE_MS = 60_000
/** Credentials whose latest minute is remembered, so that a busy one is written once a minute. */
const REMEMBERED_MAX = 50_000
/** Uses kept while the database does not answer. */
const ROWS_MAX = 20_000

/** Notes to the minute when credentials and their secrets obtained tokens. */
export class CredentialUses extends WriteBehind<CredentialUse> {
  readonly #minutes = boundedCache<string, number>(REMEMBERED_MAX)
  readonly #uses = new Map<string, CredentialUse>()

  note({ tenantId, credentialId, secretId = '' }: UsedCredential): void {
    const minute = Math.floor(this.options.nowMs() / MINUTE_MS)
    const key = `${tenantId} ${credentialId} ${secretId}`
    if (this.#minutes.get(key) === minute || this.#uses.size >= ROWS_MAX) return
    this.#minutes.set(key, minute)
    for (const secret_id of new Set(['', secretId]))
      this.add({ tenant_id: tenantId, credential_id: credentialId, secret_id, last_at: minute * MINUTE_MS })
  }

  protected override add(use: CredentialUse): void {
    const known = this.#uses.get(keyOf(use))
    if (!known || known.last_at < use.last_at) this.#uses.set(keyOf(use), use)
  }

  protected override take(): readonly CredentialUse[] {
    const uses = [...this.#uses.values()]
    this.#uses.clear()
    return uses
  }

  protected override write(db: Database, uses: readonly CredentialUse[]): Promise<void> {
    return moveUsesOn(db, uses)
  }
}

/** When each secret of a credential was used last, to the minute, by its id. */
export async function lastUsesOf(db: Database, tenantId: string, credentialId: string): Promise<Map<string, number>> {
  const uses = await findLastUses(db, tenantId, credentialId)
  return new Map([...uses].map(([secretId, { last_at }]) => [secretId, last_at]))
}
