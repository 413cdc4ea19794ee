import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../errors.ts'
import { problemWithSqliteFile } from './sqlite-file.ts'

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

/** Says which installation a data directory holds. */
export const MARKER = 'instance.json'
/** The embedded database. */
export const SQLITE_FILE = 'sallyport.db'

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
  if (database === 'sqlite') checkSqliteFile(databaseFile, marker)
  if (marker?.state === 'ready') return { path, databaseFile, marker, isNew: false }
  const fresh: InstanceMarker = marker ?? { instanceId: randomUUID(), database, state: 'creating' }
  writeMarker(path, fresh)
  if (database === 'sqlite') makePrivately(databaseFile)
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
    const marker: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isMarker(marker)) return marker
  } catch {
    // Falls through to the one message: unreadable and malformed need the same remedy.
  }
  throw new OperatorError(`${file} is not readable as an instance marker. Restore it from a backup of the directory.`)
}

function isMarker(value: unknown): value is InstanceMarker {
  const { instanceId, database, state } = (value ?? {}) as Record<keyof InstanceMarker, unknown> // read from a file
  const isOneOf = (word: unknown, ...words: readonly unknown[]): boolean => words.includes(word)
  return (
    typeof instanceId === 'string' && isOneOf(database, 'sqlite', 'postgres') && isOneOf(state, 'creating', 'ready')
  )
}

function writeMarker(path: string, marker: InstanceMarker): void {
  const file = join(path, MARKER)
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(marker, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
    syncDirectory(path)
  } catch (error) {
    throw notWritable(file, error)
  }
}

/** A file's new name outlives a power cut only once its directory is on the disk. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function checkSqliteFile(file: string, marker: InstanceMarker | undefined): void {
  const exists = existsSync(file)
  if (!marker && exists)
    throw new OperatorError(
      `${file} is there without its instance marker (${MARKER}): it may belong to another installation. ` +
        'Restore the whole data directory, or choose another with --data.',
    )
  const isReady = marker?.state === 'ready'
  // Until the database is ready, its file may be absent, or empty still.
  if (!isReady && (!exists || statSync(file).size === 0)) return
  const problem = exists ? problemWithSqliteFile(file) : 'is missing'
  if (problem)
    throw new OperatorError(`${file} ${problem}. Restore it from a backup; to start anew, choose another --data.`)
}

/** Makes the file before SQLite does, which would let everybody read it. */
function makePrivately(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    throw notWritable(file, error)
  }
}

const notWritable = (file: string, cause: unknown): OperatorError =>
  new OperatorError(`${file} cannot be written. Make the data directory writable, or choose another with --data.`, {
    cause,
  })

function otherDatabase(path: string, database: 'sqlite' | 'postgres'): string {
  return database === 'sqlite'
    ? `${path} holds an installation on SQLite. Start it without --database-url, or choose another --data.`
    : `${path} belongs to an installation on PostgreSQL. Give its --database-url, or choose another --data.`
}
