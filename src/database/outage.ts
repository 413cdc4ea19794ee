/** SQLSTATE classes of PostgreSQL that mean it cannot serve now: connection, resources, operator, system (57, 58, 53, 08). */
const POSTGRES_OUTAGE = /^(?:08|53|57|58)/
const NETWORK_OUTAGE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOENT', 'EAI_AGAIN'])
const SQLITE_OUTAGE = /^SQLITE_(?:BUSY|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|LOCKED|NOTADB)/

/** True when the database could not serve, rather than refused what it was asked: the caller may try again later. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (SQLITE_OUTAGE.test(code) || NETWORK_OUTAGE.has(code)) return true
  if (code.length === 5 && POSTGRES_OUTAGE.test(code)) return true
  return /timeout exceeded when trying to connect|Connection terminated|Query read timeout/.test(error.message)
}
