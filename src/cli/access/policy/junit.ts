import type { Verdict } from './verdict.ts'
import { wordsOf } from './verdict.ts'

/** The verdicts as a JUnit report, which most continuous integration systems read. */
export function renderJunit(verdicts: readonly Verdict[]): string {
  const failures = verdicts.filter(({ problem }) => problem !== undefined).length
  const cases = verdicts.map(renderCase).join('')
  const counts = `tests="${verdicts.length}" failures="${failures}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="policy" ${counts}>\n${cases}</testsuite>\n`
}

function renderCase({ expectation, problem }: Verdict): string {
  const { place, title } = expectation
  const attributes = `classname="${escape(title)}" name="${escape(wordsOf(expectation))}" file="${escape(place)}"`
  if (problem === undefined) return `  <testcase ${attributes}/>\n`
  return `  <testcase ${attributes}><failure message="${escape(problem)}"/></testcase>\n`
}

// Control characters are not XML, escaped or not.
const escape = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
