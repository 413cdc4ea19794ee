import { chmodSync, closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { OperatorError } from '../errors.ts'
import { MARKER, SQLITE_FILE } from './data-directory.ts'
import { problemWithSqliteFile } from './sqlite-file.ts'

const BUSY_MS = 5000
/** So many at once that a server which goes on writing does not make the copy begin anew for ever. */
const PAGES_PER_STEP = 200_000

/**
 * Copies the installation of a data directory, beside a server that goes on writing, into a directory that must be new
 * or empty, and checks the copy. The master key is not part of it.
 * @throws OperatorError when there is nothing to copy, nowhere to copy it, or the copy is not whole.
 */
export async function backUpInstallation(data: string, to: string): Promise<void> {
  const file = join(data, SQLITE_FILE)
  if (!existsSync(file) || !existsSync(join(data, MARKER)))
    throw new OperatorError(`There is no installation on SQLite in ${data}. Say where it is with --data.`)
  makeEmptyDirectory(to)
  const copy = join(to, SQLITE_FILE)
  closeSync(openSync(copy, 'wx', 0o600)) // before SQLite does, which would let everybody read it
  const source = new SQLite(file, { readonly: true, timeout: BUSY_MS })
  try {
    await source.backup(copy, { progress: () => PAGES_PER_STEP })
  } finally {
    source.close()
  }
  requireWhole(copy)
  copyPrivately(join(data, MARKER), join(to, MARKER))
}

/**
 * Puts a backup back as the installation of a data directory that must be new or empty.
 * @throws OperatorError when the backup is not whole, or the directory is taken.
 */
export function putBack(from: string, data: string): void {
  for (const name of [SQLITE_FILE, MARKER])
    if (!existsSync(join(from, name))) throw new OperatorError(`${from} is no backup: it has no ${name}.`)
  requireWhole(join(from, SQLITE_FILE))
  makeEmptyDirectory(data)
  for (const name of [SQLITE_FILE, MARKER]) copyPrivately(join(from, name), join(data, name))
}

/** Copies a file so that nobody else can read it. */
export function copyPrivately(from: string, to: string): void {
  closeSync(openSync(to, 'wx', 0o600))
  copyFileSync(from, to)
  chmodSync(to, 0o600)
}

function makeEmptyDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (readdirSync(path).length > 0)
    throw new OperatorError(`${path} is not empty. Name a directory that is new or empty.`)
  chmodSync(path, 0o700)
}

function requireWhole(file: string): void {
  const problem = problemWithSqliteFile(file) ?? problemInside(file)
  if (problem !== undefined) throw new OperatorError(`${file} ${problem}. Use another backup.`)
}

function problemInside(file: string): string | undefined {
  try {
    // Not readonly: the last one to close then clears away what lies beside the file.
    const database = new SQLite(file, { timeout: BUSY_MS })
    try {
      const found: unknown = database.pragma('integrity_check(1)', { simple: true })
      return found === 'ok' ? undefined : 'is damaged'
    } finally {
      database.close()
    }
  } catch {
    return 'is damaged'
  }
}
