const UNIQUE_VIOLATIONS = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'])
/** Serialization failure and deadlock of PostgreSQL, and SQLite's file held by another process. */
const WRITE_CONFLICT = /^(?:40001|40P01|SQLITE_BUSY(?:_.*)?)$/

/**
 * True when a statement was refused because a value must be unique and is taken. Its transaction is lost on
 * PostgreSQL: turn it into a refusal, never into another try inside the same transaction.
 */
export const isUniqueViolation = (error: unknown): boolean => UNIQUE_VIOLATIONS.has(codeOf(error))

/** True when a transaction lost to another one and would do well to run again from its start. */
export const isWriteConflict = (error: unknown): boolean => WRITE_CONFLICT.test(codeOf(error))

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
