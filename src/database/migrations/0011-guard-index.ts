import type { Kysely } from 'kysely'

/** By which time the janitor finds failed passwords that count no more. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createIndex('sign_in_guard_window_started_at')
    .on('sign_in_guard')
    .columns(['tenant_id', 'window_started_at'])
    .execute()
}
