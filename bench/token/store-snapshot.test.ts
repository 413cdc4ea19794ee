import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { makeTemporaryDirectory } from '../harness/temporary-directory.ts'
import { findStore, takeSnapshot } from './store-snapshot.ts'

function openStore(t: TestContext) {
  const directory = makeTemporaryDirectory()
  const writer = new DatabaseSync(join(directory.path, 'store.db'))
  writer.exec('pragma journal_mode = wal; create table minted (id integer primary key, count integer)')
  t.after(() => {
    writer.close()
    directory.remove()
  })
  return { writer, store: findStore(directory.path) }
}

test('every commit of another connection counts once, whatever it wrote', (t) => {
  const { writer, store } = openStore(t)
  const before = takeSnapshot(store)

  for (let i = 0; i < 10; i += 1) writer.exec('insert into minted (count) values (1)')
  writer.exec('begin; insert into minted (count) values (2); insert into minted (count) values (3); commit')

  assert.equal(takeSnapshot(store).commits - before.commits, 11)
  assert.equal(takeSnapshot(store).tables.get('minted')?.rows, 12)
})

test('a checkpoint is no commit', (t) => {
  const { writer, store } = openStore(t)
  writer.exec('insert into minted (count) values (1)')
  const before = takeSnapshot(store)

  writer.exec('pragma wal_checkpoint(truncate)')

  assert.deepEqual(takeSnapshot(store), before)
})

test('a row changed in place changes the digest of its table', (t) => {
  const { writer, store } = openStore(t)
  writer.exec('insert into minted (count) values (1)')
  const before = takeSnapshot(store).tables.get('minted')

  writer.exec('update minted set count = 2')

  const after = takeSnapshot(store).tables.get('minted')
  assert.equal(after?.rows, before?.rows)
  assert.notEqual(after?.digest, before?.digest)
})
