import { relative } from 'node:path'
import { Readable } from 'node:stream'
import { spec, type TestEvent } from 'node:test/reporters'

interface FileReport {
  failures: TestEvent[]
  output: string
}

/**
 * A reporter for `node --test` that prints a line per file, and in full what failed in it and what it printed. What
 * files print whose tests pass is not shown.
 */
export default async function* fileReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const reports = new Map<string, FileReport>()
  for await (const event of source) {
    const file = fileOf(event)
    if (file === undefined) continue
    const report = reports.getOrInsertComputed(file, () => ({ failures: [], output: '' }))
    if (event.type === 'test:fail') report.failures.push(event)
    if (event.type === 'test:stdout' || event.type === 'test:stderr') report.output += event.data.message
    if (event.type !== 'test:summary') continue
    yield line(event.data, file)
    yield* details(report)
    reports.delete(file)
  }
  // A file that could not be loaded, or that was ended from outside, has no summary.
  for (const [file, report] of reports) {
    if (report.failures.length > 0) yield `  FAIL  ${relative(process.cwd(), file)}\n`
    yield* details(report)
  }
}

function fileOf(event: TestEvent): string | undefined {
  return event.data && 'file' in event.data ? event.data.file : undefined
}

type Summary = Extract<TestEvent, { type: 'test:summary' }>['data']

function line({ success, counts, duration_ms }: Summary, file: string): string {
  const verdict = success ? '  ok  ' : '  FAIL'
  const tests = `${counts.passed} of ${counts.tests} passed, ${(duration_ms / 1000).toFixed(1)} s`
  return `${verdict}  ${relative(process.cwd(), file)}  (${tests})\n`
}

async function* details({ failures, output }: FileReport): AsyncGenerator<string> {
  if (failures.length === 0) return
  if (output !== '') yield `\n${output.trimEnd()}\n`
  for await (const text of Readable.from(failures).compose(new spec())) yield String(text)
}
