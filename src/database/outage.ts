/**
 * SQLSTATEs that mean PostgreSQL cannot serve now: no connection or login (08, 28, 3D), a server that became a standby
 * (25006), a transaction that keeps losing to others (40), no resources (53), a lock not had in time (55P03), stopped or
 * cancelled by its operator (57), or broken (58, XX).
 */
const POSTGRES_OUTAGE = /^(?:(?:08|28|3D|40|53|57|58|XX)...|25006|55P03)$/
const SQLITE_OUTAGE = /^SQLITE_(?:BUSY|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|LOCKED|NOMEM|NOTADB|PROTOCOL)/
const NETWORK_OUTAGE = /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH)$/
/** What the PostgreSQL driver says without a code. */
const LOST_CONNECTION =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client (?:was closed|has encountered a connection error))/

/** True when the database could not serve, rather than refused what it was asked: the caller may try again later. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return [POSTGRES_OUTAGE, SQLITE_OUTAGE, NETWORK_OUTAGE].some((codes) => codes.test(code)) || hasNoServer(error, code)
}

/** A Unix socket that is not there, unlike any other missing file, is a database that is not there. */
function hasNoServer(error: Error, code: string): boolean {
  const isMissingSocket = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  return isMissingSocket || LOST_CONNECTION.test(error.message)
}
