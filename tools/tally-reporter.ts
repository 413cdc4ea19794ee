import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

/** What a run of tests came to. */
export interface Tally {
  passed: number
  failed: number
  /** Tests that did not run or whose failure was waived, and files without a test. */
  skipped: string[]
}

/** A reporter for `node --test` that writes a `Tally` as one line of JSON when the run is over. */
export default async function* tallyReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] }
  for await (const event of source) count(event, tally)
  yield `${JSON.stringify(tally)}\n`
}

function count(event: TestEvent, tally: Tally): void {
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return
  const { name, file = '', skip, todo } = event.data
  const path = relative(process.cwd(), file)
  if (skip !== undefined || todo !== undefined) tally.skipped.push(`${path}: ${name}`)
  else if (event.type === 'test:fail') tally.failed += isOnlyAroundFailures(event.data) ? 0 : 1
  else if (name === file) tally.skipped.push(`${path}: has no tests`)
  else if (event.data.details.type !== 'suite') tally.passed += 1
}

/** A group fails with the tests in it, which count already. */
function isOnlyAroundFailures({ details }: Extract<TestEvent, { type: 'test:fail' }>['data']): boolean {
  const { error, type } = details
  return type === 'suite' && 'failureType' in error && error.failureType === 'subtestsFailed'
}
