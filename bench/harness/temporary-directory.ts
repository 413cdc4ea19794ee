import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that only this user can read; `remove` deletes it, and so does the end of this process. */
export function makeTemporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const remove = () => {
    rmSync(path, { recursive: true, force: true })
    process.off('exit', remove)
  }
  process.once('exit', remove)
  return { path, remove }
}
