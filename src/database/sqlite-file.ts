import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

/** Marks a SQLite file as ours, at offset 68 of its header: "SLPT". */
export const SQLITE_APPLICATION_ID = 0x53_4c_50_54

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100

/**
 * What is wrong with a database file as far as its first page tells, as the rest of a sentence that starts with its
 * name. SQLite itself takes zero bytes for a new database.
 */
export function problemWithSqliteFile(file: string): string | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return 'cannot be read'
  }
  try {
    const { size } = fstatSync(descriptor)
    if (size === 0) return 'is empty'
    const header = Buffer.alloc(HEADER_BYTES)
    if (readSync(descriptor, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return 'is cut short'
    return problemWithHeader(header) ?? problemWithSize(file, size, header)
  } catch {
    return 'cannot be read'
  } finally {
    closeSync(descriptor)
  }
}

function problemWithHeader(header: Buffer): string | undefined {
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'is not a SQLite database'
  return header.readUInt32BE(68) === SQLITE_APPLICATION_ID ? undefined : 'is a database of another program'
}

function problemWithSize(file: string, size: number, header: Buffer): string | undefined {
  // What an interruption left unfinished lies in the log beside it, from which SQLite recovers by itself.
  if (existsSync(`${file}-wal`) || existsSync(`${file}-journal`)) return undefined
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  return size < header.readUInt32BE(28) * pageBytes ? 'is cut short' : undefined
}
