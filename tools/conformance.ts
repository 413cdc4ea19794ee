/**
 * Holds a real server against ISC's published documents: `npm run conformance -- DIR`, where DIR holds
 * `sailpoint-{version}.json`, or the same gzipped. Nothing of them becomes part of the project.
 */
import { startDemoServer } from './conformance/demo-server.ts'
import { operationsOf, readPublished } from './conformance/published.ts'
import { runVersion, type Verdict } from './conformance/run-version.ts'

const MARKS = { pass: 'pass  ', fail: 'FAIL  ', uncalled: 'UNCALLED', absent: 'absent' } as const

const [directory] = process.argv.slice(2)
if (directory === undefined) {
  console.error('Say where the published documents lie: npm run conformance -- DIR')
  process.exit(2)
}
const published = readPublished(directory)
if (published.length === 0) {
  console.error(`There is no sailpoint-*.json or sailpoint-*.json.gz in ${directory}.`)
  process.exit(2)
}
const server = await startDemoServer()
try {
  const verdicts: Verdict[] = []
  for (const { version, document } of published)
    verdicts.push(...(await runVersion(server, version, { document, operations: operationsOf(document) })))
  for (const { outcome, version, operation, problem } of verdicts)
    console.log(`${MARKS[outcome]} ${version} ${operation}${problem === undefined ? '' : `\n       ${problem}`}`)
  const count = (outcome: Verdict['outcome']): number => verdicts.filter((each) => each.outcome === outcome).length
  console.log(
    `\n${count('pass')} pass, ${count('fail')} fail, ${count('uncalled')} served but not called, ${count('absent')} not implemented`,
  )
  process.exitCode = count('fail') + count('uncalled') > 0 ? 1 : 0
} finally {
  await server.stop()
}
