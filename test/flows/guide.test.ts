import assert from 'node:assert/strict'
import { globSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyPlace } from '../support/data-places.ts'
import { matchesExpected, readRunnableBlocks, runBlocks } from '../support/runnable-document.ts'
import { startSallyport } from '../support/sallyport-process.ts'

const root = join(import.meta.dirname, '..', '..')

/** Where the documents say the demo listens; a test's own listens elsewhere. */
const DOCUMENTED_URL = 'http://localhost:8080'

for (const page of globSync('docs/guide/*.md', { cwd: root }).sort())
  test(`every command in ${page} does what the page says, one after the other, in a fresh demo`, async (t) => {
    const { data: folder } = emptyPlace(t)
    mkdirSync(join(folder, 'bin'))
    for (const name of ['bin/sallyport', 'examples']) symlinkSync(join(root, name), join(folder, name))
    const server = await startSallyport(t, ['--demo', '--data', join(folder, 'data')])
    const blocks = readRunnableBlocks(join(root, page), root)
    const here = blocks.map((block) => ({ ...block, commands: block.commands.replaceAll(DOCUMENTED_URL, server.url) }))

    const results = await runBlocks(here, { cwd: folder, env: { SALLYPORT_URL: server.url, HOME: folder } })

    assert.equal(results.length, blocks.length)
    for (const [position, { place, expected }] of blocks.entries()) {
      const { printed = '', exitCode } = results[position] ?? {}
      const text = printed.replaceAll(server.url, DOCUMENTED_URL)
      assert.equal(exitCode, 0, `${place} ended with ${exitCode}:\n${text}`)
      if (expected !== undefined) assert.ok(matchesExpected(text, expected), `${place} printed:\n${text}`)
    }
  })
