import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What a store held at one moment: `commits` counts up with every transaction; each table has its rows and a digest of them. */
export interface StoreSnapshot {
  commits: number
  tables: Map<string, { rows: number; digest: string }>
}

const SQLITE_MAGIC = 'SQLite format 3\0'

/** The one SQLite database in the directory. */
export function findStore(directory: string): string {
  const stores = readdirSync(directory)
    .map((name) => join(directory, name))
    .filter(isStore)
  const [store] = stores
  if (store === undefined || stores.length > 1) throw new Error(`Found ${stores.length} SQLite databases, not one.`)
  return store
}

function isStore(path: string): boolean {
  try {
    return readBytes(path, 0, SQLITE_MAGIC.length).toString('latin1') === SQLITE_MAGIC
  } catch {
    return false
  }
}

/** Reads through a connection of its own that cannot write, while the server goes on. */
export function takeSnapshot(store: string): StoreSnapshot {
  const database = new DatabaseSync(store, { readOnly: true })
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all()
    const tables = names.map(({ name }) => [String(name), digestTable(database, String(name))] as const)
    return { commits: readCommits(store), tables: new Map(tables) }
  } finally {
    database.close()
  }
}

function digestTable(database: DatabaseSync, name: string): { rows: number; digest: string } {
  const hash = createHash('sha256')
  const query = database.prepare(`select * from "${name.replaceAll('"', '""')}"`)
  query.setReadBigInts(true) // a number beyond 2^53 would throw
  let rows = 0
  for (const row of query.iterate()) {
    rows += 1
    for (const value of Object.values(row)) {
      hash.update(value instanceof Uint8Array ? value : String(value)).update('\0')
    }
  }
  return { rows, digest: hash.digest('hex') }
}

const CHANGE_COUNTER_OFFSET = 8 // iChange of the WAL index: "Counter incremented with each transaction"

/** The number of commits from the shared WAL index (SQLite's "WAL-mode File Format"), which wraps at 32 bits. */
export function readCommits(store: string): number {
  const walIndex = `${store}-shm`
  if (!existsSync(walIndex)) throw new Error('The store has no WAL index: commits cannot be counted.')
  const bytes = readBytes(walIndex, CHANGE_COUNTER_OFFSET, 4)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, 1)[0] ?? 0 // in the machine's own byte order
}

function readBytes(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.from(new ArrayBuffer(length))
    readSync(file, bytes, 0, length, offset)
    return bytes
  } finally {
    closeSync(file)
  }
}
