import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { createDatabase } from './postgres.ts'
import { onEnd } from './on-end.ts'

/** An empty database of a test's own on the shared PostgreSQL, with logins as the test needs them. */
export interface OwnDatabase {
  /** As the superuser. */
  adminUrl: string
  /** As the role that all test databases let use every table. */
  appUrl: string
  /** Makes a login with these attributes and answers its name and URL; it is gone when the test ends. */
  makeLogin: (attributes: string) => Promise<{ name: string; url: string }>
  /** Runs a statement as the superuser. */
  execute: (sql: string) => Promise<Record<string, unknown>[]>
}

/** Makes the database and removes it when the test ends. Only for runs on PostgreSQL. */
export async function ownDatabase(t: TestContext): Promise<OwnDatabase> {
  const { url, migrationUrl, drop } = await createDatabase(process.env['TEST_POSTGRES_URL'] ?? '')
  const logins: string[] = []
  const execute = (sql: string) => executeAt(migrationUrl, sql)
  onEnd(t, async () => {
    await drop()
    for (const name of logins)
      await executeAt(
        process.env['TEST_POSTGRES_URL'] ?? '',
        `reassign owned by ${name} to postgres; drop role ${name}`,
      )
  })
  return {
    adminUrl: migrationUrl,
    appUrl: url,
    execute,
    makeLogin: async (attributes) => {
      const name = `login_${randomBytes(6).toString('hex')}`
      await execute(`create role ${name} login ${attributes}`)
      logins.push(name)
      return { name, url: Object.assign(new URL(migrationUrl), { username: name }).href }
    },
  }
}

async function executeAt(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
