import type { Explanation } from '../explanation.ts'
import type { Expectation } from './policy-file.ts'

/** What came of an expectation; `problem` is undefined where it holds. */
export interface Verdict {
  readonly expectation: Expectation
  readonly problem: string | undefined
}

/** Holds an expectation against what the server says. */
export function judge(expectation: Expectation, { allowed, status, reason }: Explanation): Verdict {
  return { expectation, problem: problemOf(expectation, { allowed, status, code: reason?.code, why: reason?.message }) }
}

interface Answer {
  allowed: boolean
  status: number
  code: string | undefined
  why: string | undefined
}

function problemOf(expected: Expectation, { allowed, status, code = `status ${status}`, why = '' }: Answer) {
  if (expected.isAllowed) return allowed ? undefined : `may not: ${code}. ${why}`.trimEnd()
  if (allowed) return 'may, but should not'
  // What no catalog names is refused to everybody: a misspelt path would pass for a rule that holds.
  if (code === 'operation.unknown' && expected.reason === undefined)
    return 'is no operation of any catalog. If that is what you mean, give the reason operation.unknown.'
  if (expected.reason !== undefined && code !== expected.reason)
    return `may not, but for another reason: ${code} in place of ${expected.reason}. ${why}`.trimEnd()
  return undefined
}

/** An expectation in words: `GET /v3/sources may`. */
export function wordsOf({ method, path, isAllowed, reason }: Expectation): string {
  const what = isAllowed ? 'may' : 'may not'
  return `${what} ${method} ${path}${reason === undefined ? '' : ` (${reason})`}`
}
