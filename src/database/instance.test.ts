import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import SQLite from 'better-sqlite3'
import { installedPlace, refusalOf, rewriteMarker } from '../../test/support/data-places.ts'
import { OperatorError } from '../errors.ts'
import { type Installation, openInstallation } from '../installation.ts'
import { listTenants } from '../tenants/find.ts'
import { onEnd } from '../../test/support/on-end.ts'

test('a second start finds what the first one made', async (t) => {
  const place = await installedPlace(t)

  const installation = await openInstallation(place.options)
  onEnd(t, () => installation.close())

  assert.deepEqual(await tenantNames(installation), ['acme'])
})

test('what holds secrets is readable by its owner alone', async (t) => {
  const { data } = await installedPlace(t)

  const names = readdirSync(data).toSorted()

  const modes = names.map((name) => [name, statSync(join(data, name)).mode & 0o777])
  assert.deepEqual(modes, [
    ['instance.json', 0o600],
    ['master.key', 0o600],
    ['sallyport.db', 0o600],
  ])
})

const interruptions: Record<string, (data: string) => void> = {
  'before the database file was made': (data) => rmSync(join(data, 'sallyport.db')),
  'before anything was written to it': (data) => truncateSync(join(data, 'sallyport.db'), 0),
  'before the master key was made': (data) => {
    truncateSync(join(data, 'sallyport.db'), 0)
    rmSync(join(data, 'master.key'))
  },
  'after the database was ready': () => {},
}

for (const [when, undo] of Object.entries(interruptions))
  test(`a first start that was interrupted ${when} goes on`, async (t) => {
    const place = await installedPlace(t)
    rewriteMarker(place.data, { state: 'creating' })
    undo(place.data)

    await (await openInstallation(place.options)).close()
    const installation = await openInstallation(place.options)
    onEnd(t, () => installation.close())

    assert.deepEqual(JSON.parse(readFileSync(join(place.data, 'instance.json'), 'utf8')).state, 'ready')
    assert.ok((await tenantNames(installation)).length <= 1)
  })

test('a first start that was interrupted does not take over what lies there now', async (t) => {
  const place = await installedPlace(t)
  rewriteMarker(place.data, { state: 'creating' })
  rmSync(join(place.data, 'sallyport.db'))
  new SQLite(join(place.data, 'sallyport.db')).exec('create table songs (title text)').close()

  const refusal = await refusalOf(place)

  assert.match(refusal, /is a database of another program/)
})

test('bytes changed anywhere in the database never make a new installation, and never a stack trace', async (t) => {
  const place = await installedPlace(t)
  const file = join(place.data, 'sallyport.db')
  const whole = readFileSync(file)
  const { instanceId } = JSON.parse(readFileSync(join(place.data, 'instance.json'), 'utf8'))

  for (let round = 0; round < 60; round++) {
    const at = randomInt(whole.length - 16)
    const length = randomInt(1, 17)
    const byte = randomInt(256)
    const damage = `${length} bytes of ${byte} at ${at}`
    writeFileSync(file, Buffer.from(whole).fill(byte, at, at + length))
    for (const log of ['-wal', '-shm']) rmSync(file + log, { force: true })
    const outcome = await openInstallation(place.options).catch((error: unknown) => error)
    if (outcome instanceof Error) assert.ok(outcome instanceof OperatorError, `${damage}: ${outcome}`)
    else await (outcome as Installation).close()
    const marker = JSON.parse(readFileSync(join(place.data, 'instance.json'), 'utf8'))
    assert.deepEqual([marker.instanceId, marker.state], [instanceId, 'ready'], damage)
  }
})

const tenantNames = async ({ database }: Installation): Promise<string[]> =>
  (await listTenants(database.directory)).map(({ name }) => name)
