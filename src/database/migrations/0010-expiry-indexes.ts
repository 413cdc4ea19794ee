import type { Kysely } from 'kysely'

/** By which time the janitor finds what has expired. The times of `activity` and `denial` lead their keys already. */
const times = {
  session: 'expires_at',
  password_reset: 'expires_at',
  authorization_code: 'expires_at',
  refresh_family: 'expires_at',
  succession_offer: 'expires_at',
  handed_over_secret: 'until',
  expiry_notice: 'expires_at',
  usage_count: 'day',
  denial_count: 'hour',
}

export async function up(db: Kysely<never>): Promise<void> {
  for (const [table, time] of Object.entries(times))
    await db.schema.createIndex(`${table}_${time}`).on(table).columns(['tenant_id', time]).execute()
  await db.schema.createIndex('change_log_recorded_at').on('change_log').columns(['recorded_at']).execute()
}
