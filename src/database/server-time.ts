import { sql } from 'kysely'
import type { DatabaseHandle } from './open.ts'

/** What the clock of the database server says, in Unix milliseconds; undefined where the database is embedded. */
export async function databaseTimeMs({ dialect, directory }: DatabaseHandle): Promise<number | undefined> {
  if (dialect === 'sqlite') return undefined
  const { rows } = await sql<{
    ms: string | number
  }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(directory)
  return Number(rows[0]?.ms)
}
