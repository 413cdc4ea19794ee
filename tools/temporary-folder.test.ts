import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** A folder of the test's own that stands for one in memory. */
function memoryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-memory-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function parentOfNew(t: TestContext, ...options: Parameters<typeof makeTemporaryFolder>): string {
  const folder = makeTemporaryFolder(...options)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return dirname(folder)
}

test('what tests write goes into memory where there is enough of it, and nothing else is left there', (t) => {
  const path = memoryFolder(t)

  const parent = parentOfNew(t, { path, room: 1, memory: 1 }, {})

  assert.equal(parent, path)
  assert.equal(readdirSync(path).length, 1)
})

test('without room, memory or such a folder, it goes where temporary files usually go', (t) => {
  const path = memoryFolder(t)
  const places = [
    { path, room: Number.MAX_VALUE, memory: 1 },
    { path, room: 1, memory: Number.MAX_VALUE },
    { path: join(path, 'none'), room: 1, memory: 1 },
  ]

  for (const place of places) assert.equal(parentOfNew(t, place, {}), tmpdir())

  assert.deepEqual(readdirSync(path), [])
})

test('TMPDIR wins', (t) => {
  const [path, TMPDIR] = [memoryFolder(t), memoryFolder(t)]

  assert.equal(parentOfNew(t, { path, room: 1, memory: 1 }, { TMPDIR }), TMPDIR)
})
