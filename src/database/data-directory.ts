import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../errors.ts'

/** What `instance.json` says: which installation this directory belongs to, and whether its database was ever ready. */
export interface InstanceMarker {
  instanceId: string
  database: 'sqlite' | 'postgres'
  state: 'creating' | 'ready'
}

/** A directory that holds one installation: its database, its master key and the marker that tells them apart. */
export interface DataDirectory {
  readonly path: string
  readonly databaseFile: string
  readonly marker: InstanceMarker
  /** True until the database has been made and told its instance id. */
  readonly isNew: boolean
}

const MARKER = 'instance.json'
const SQLITE_FILE = 'sallyport.db'
const SQLITE_MAGIC = 'SQLite format 3\0'
const SQLITE_HEADER_BYTES = 100

/**
 * Opens the data directory, or makes it. A marker without its database, or a database without its marker, is never
 * taken for a new installation.
 * @throws OperatorError in one line when the directory does not hold what its marker promises.
 */
export function openDataDirectory(path: string, database: 'sqlite' | 'postgres'): DataDirectory {
  makeDirectory(path)
  const databaseFile = join(path, SQLITE_FILE)
  const marker = readMarker(path)
  if (marker && marker.database !== database) throw new OperatorError(otherDatabase(path, marker.database))
  if (database === 'sqlite') checkSqliteFile(path, databaseFile, marker)
  if (marker) return { path, databaseFile, marker, isNew: marker.state === 'creating' }
  const fresh: InstanceMarker = { instanceId: randomUUID(), database, state: 'creating' }
  writeMarker(path, fresh)
  return { path, databaseFile, marker: fresh, isNew: true }
}

/** Records that the database of this directory is ready and carries this instance id. */
export function markReady(directory: DataDirectory, instanceId: string): void {
  writeMarker(directory.path, { ...directory.marker, instanceId, state: 'ready' })
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new OperatorError(`The data directory ${path} cannot be made. Choose another with --data.`, { cause: error })
  }
}

function readMarker(path: string): InstanceMarker | undefined {
  const file = join(path, MARKER)
  if (!existsSync(file)) return undefined
  try {
    const marker = JSON.parse(readFileSync(file, 'utf8')) as InstanceMarker
    if (typeof marker.instanceId === 'string' && ['creating', 'ready'].includes(marker.state)) return marker
  } catch {
    // Falls through to the one message: unreadable and malformed need the same remedy.
  }
  throw new OperatorError(`${file} is not readable as an instance marker. Restore it from a backup of the directory.`)
}

function writeMarker(path: string, marker: InstanceMarker): void {
  const file = join(path, MARKER)
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(marker, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw new OperatorError(
      `${file} cannot be written. Make the data directory writable, or choose another with --data.`,
      {
        cause: error,
      },
    )
  }
}

function checkSqliteFile(path: string, file: string, marker: InstanceMarker | undefined): void {
  const exists = existsSync(file)
  if (!marker && exists)
    throw new OperatorError(
      `${file} is there without its instance marker (${MARKER}): it may belong to another installation. ` +
        'Restore the whole data directory, or choose another with --data.',
    )
  if (marker?.state !== 'ready') return
  if (!exists)
    throw new OperatorError(`${file} is missing. Restore it from a backup; to start anew, choose another --data.`)
  const problem = problemWithFile(file)
  if (problem)
    throw new OperatorError(`${file} ${problem}. Restore it from a backup; to start anew, choose another --data.`)
}

/** What is wrong with a database file as far as its first page tells: SQLite itself takes zero bytes for a new database. */
function problemWithFile(file: string): string | undefined {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    if (size === 0) return 'is empty'
    const header = Buffer.alloc(SQLITE_HEADER_BYTES)
    if (readSync(descriptor, header, 0, SQLITE_HEADER_BYTES, 0) < SQLITE_HEADER_BYTES) return 'is cut short'
    if (header.toString('latin1', 0, 16) !== SQLITE_MAGIC) return 'is not a SQLite database'
    // A checkpoint that was interrupted leaves the tail in the WAL, from which SQLite recovers by itself.
    if (existsSync(`${file}-wal`)) return undefined
    const pageBytes = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16)
    if (size < header.readUInt32BE(28) * pageBytes) return 'is cut short'
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

function otherDatabase(path: string, database: 'sqlite' | 'postgres'): string {
  return database === 'sqlite'
    ? `${path} holds an installation on SQLite. Start it without --database-url, or choose another --data.`
    : `${path} belongs to an installation on PostgreSQL. Give its --database-url, or choose another --data.`
}
