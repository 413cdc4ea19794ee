import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Owner, onEnd } from './on-end.ts'

/** A folder of the test's own, removed when it ends. */
export function temporaryDirectory(t: Owner): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  onEnd(t, () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
