import { readFileSync } from 'node:fs'

/** For databases, logs, listeners and the operations port. */
const RESERVED_FILES = 64
const CONNECTIONS_MIN = 16

/**
 * How many connections of clients the process can hold and still answer: each may need a second one to an upstream, and
 * beyond the limit on open files nothing works, not even the operations port.
 */
export function connectionLimit(openFilesMax: number | undefined = readOpenFilesMax()): number {
  if (openFilesMax === undefined) return Number.POSITIVE_INFINITY
  return Math.max(CONNECTIONS_MIN, Math.floor((openFilesMax - RESERVED_FILES) / 2))
}

/** What `ulimit -n` says; undefined where it cannot be known or there is none. */
function readOpenFilesMax(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined // no Linux
  }
}
