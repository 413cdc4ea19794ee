import { after, before } from 'node:test'
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts'
import type { Owner } from './test-database.ts'

/** Something started once for all tests of a file, for those that do not disturb each other; call it within a test. */
export function share<Thing>(start: (owner: Owner) => Promise<Thing>): () => Thing {
  const cleanups: (() => unknown)[] = []
  let made: { thing: Thing } | undefined
  before(async () => {
    made = { thing: await start({ after: (cleanup) => void cleanups.push(cleanup as () => unknown) }) }
  })
  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return () => {
    if (!made) throw new Error('what is shared exists only while tests run')
    return made.thing
  }
}

/** One server for all tests of a file. */
export const shareTestApp = (options?: TestAppOptions): (() => TestApp) =>
  share((owner) => startTestApp(owner, options))
