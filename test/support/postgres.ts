import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { type Account, findBinaries, handOver, postgresAccount } from './postgres-binaries.ts'

/** A throwaway PostgreSQL on a Unix socket, with the role `sallyport_app` that may neither bypass nor grant anything. */
export interface Postgres {
  /** Connection string of the superuser `postgres`. */
  readonly adminUrl: string
  /** Stops the server and removes all it stored. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Whether a commit reaches the disk before it is acknowledged; off by default, since most tests pull no plug. */
  readonly fsync?: boolean
}

/** A database of one test. */
export interface TestDatabase {
  /** As `sallyport_app`: may read and write every table of the schema `public`, and change none. */
  readonly url: string
  /** As the owner of the database, who may change the schema. */
  readonly migrationUrl: string
  /** Closes its connections and removes it. */
  drop(): Promise<void>
}

const APP_ROLE = 'sallyport_app'

// Every database is made as a copy of template1, and takes these grants over.
const PREPARE_TEMPLATE = `
  create role ${APP_ROLE} login nosuperuser nobypassrls nocreatedb nocreaterole;
  grant usage on schema public to ${APP_ROLE};
  alter default privileges in schema public grant select, insert, update, delete on tables to ${APP_ROLE};
  alter default privileges in schema public grant usage, select on sequences to ${APP_ROLE}`

/**
 * Starts a PostgreSQL of the test's own within about half a second. It ends when it is stopped, and also when this
 * process dies in whatever way.
 * @throws Error in one line when no PostgreSQL can be had, else with what PostgreSQL said.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(shortTemporaryFolder(), 'sallyport-postgres-'))
  try {
    const account = postgresAccount()
    const binaries = findBinaries(account, folder)
    handOver(folder, account)
    const run = { ...account, cwd: folder, env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' } }
    createCluster(binaries, run)
    const stop = await startServer(folder, [join(binaries, 'postgres'), ...serverOptions(folder, options)], run)
    const adminUrl = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
    await execute(withParts(adminUrl, { pathname: '/template1' }), PREPARE_TEMPLATE)
    return { adminUrl, stop }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** A socket's path has to fit into about 100 bytes, which the system's own folder for temporary files may exceed. */
const shortTemporaryFolder = (): string => (tmpdir().length <= 60 ? tmpdir() : '/tmp')

interface RunOptions extends Account {
  readonly cwd: string
  readonly env: Record<string, string>
}

function createCluster(binaries: string, run: RunOptions): void {
  const options = ['-D', join(run.cwd, 'data'), ...'-U postgres -A trust -E UTF8 --locale=C --no-sync'.split(' ')]
  const { status, error, stderr } = spawnSync(join(binaries, 'initdb'), options, { ...run, encoding: 'utf8' })
  if (status !== 0) throw new Error(`PostgreSQL could not make a database cluster: ${error?.message ?? stderr.trim()}`)
}

function serverOptions(folder: string, { fsync = false }: PostgresOptions): string[] {
  const durability = fsync ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']
  // A deadlock is looked for after a tenth of a second: several in a row then end well before a test does.
  const waits = ['deadlock_timeout=100ms']
  const settings = ['listen_addresses=', 'max_connections=200', 'max_wal_size=256MB', ...waits, ...durability]
  return ['-D', join(folder, 'data'), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])]
}

// This shell outlives us: when our end of its input closes, be it by kill -9, it stops the server and cleans up. It
// lets go of the log, so that the log ends when the server does.
const WATCHDOG =
  'folder=$1; shift; "$@" & server=$!; exec 2>&-; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$folder"'

/** Answers once the server accepts connections, with the function that ends it. */
async function startServer(folder: string, command: readonly string[], run: RunOptions): Promise<() => Promise<void>> {
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', folder, ...command], {
    ...run,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  const closed = once(watchdog, 'close')
  const stop = async () => {
    watchdog.ref()
    watchdog.stdin.end()
    await closed
  }
  await ready(watchdog.stderr, stop)
  watchdog.unref()
  for (const stream of [watchdog.stdin, watchdog.stderr]) if (stream instanceof Socket) stream.unref()
  return stop
}

/** Resolves once the server says that it is ready, and goes on reading its log: a full one would stop the server. */
async function ready(log: Readable, stop: () => Promise<void>): Promise<void> {
  let text = ''
  const isReady = await new Promise<boolean>((resolve) => {
    log.setEncoding('utf8').on('data', function read(chunk: string) {
      text += chunk
      if (!text.includes('ready to accept connections')) return
      log.off('data', read).resume()
      resolve(true)
    })
    log.once('end', () => resolve(false))
  })
  if (isReady) return
  await stop()
  throw new Error(`PostgreSQL did not start: ${text.trim()}`)
}

/** The name of the new database, one of its own by default, and of the one it is a copy of, an empty one by default. */
export interface DatabaseOptions {
  readonly name?: string
  readonly template?: string
}

/** Makes a database on a server that `startPostgres` started, owned by its superuser and usable by `sallyport_app`. */
export async function createDatabase(
  adminUrl: string,
  { name = `test_${randomBytes(8).toString('hex')}`, template = 'template1' }: DatabaseOptions = {},
): Promise<TestDatabase> {
  const migrationUrl = withParts(adminUrl, { pathname: `/${name}` })
  await execute(adminUrl, `create database ${name} template ${template}`)
  return {
    url: withParts(migrationUrl, { username: APP_ROLE, password: '' }),
    migrationUrl,
    drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`),
  }
}

function withParts(url: string, parts: { pathname?: string; username?: string; password?: string }): string {
  return Object.assign(new URL(url), parts).href
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
