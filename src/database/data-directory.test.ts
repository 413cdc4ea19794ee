import assert from 'node:assert/strict'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { installedPlace, type Place, refusalOf, rewriteMarker } from '../../test/support/data-places.ts'

const damages: Record<string, { damage: (place: Place, t: TestContext) => unknown; says: RegExp }> = {
  'a database that is gone': {
    damage: ({ data }) => rmSync(join(data, 'sallyport.db')),
    says: /sallyport\.db is missing\. Restore it/,
  },
  'a database of no bytes': {
    damage: ({ data }) => truncateSync(join(data, 'sallyport.db'), 0),
    says: /sallyport\.db is empty\. Restore it/,
  },
  'a database cut in half': {
    damage: ({ data }) => truncateSync(join(data, 'sallyport.db'), 40_960),
    says: /is cut short/,
  },
  'a database cut in its header': {
    damage: ({ data }) => truncateSync(join(data, 'sallyport.db'), 50),
    says: /is cut short/,
  },
  'a database cut in half with a log beside it': {
    damage: ({ data }) => {
      truncateSync(join(data, 'sallyport.db'), 40_960)
      writeFileSync(join(data, 'sallyport.db-wal'), '')
    },
    says: /SQLite cannot use .*sallyport\.db|could not be migrated/,
  },
  'a database that is no database': {
    damage: ({ data }) => writeFileSync(join(data, 'sallyport.db'), 'x'.repeat(200_000)),
    says: /is not a SQLite database/,
  },
  'a database with a broken first page': {
    damage: ({ data }) => {
      const file = join(data, 'sallyport.db')
      writeFileSync(file, readFileSync(file).fill(0xff, 100, 4096))
    },
    says: /SQLite cannot use .*sallyport\.db \(database disk image is malformed\)/,
  },
  "another program's database": {
    damage: ({ data }) => {
      rmSync(join(data, 'sallyport.db'))
      new SQLite(join(data, 'sallyport.db')).exec('create table songs (title text)').close()
    },
    says: /is a database of another program/,
  },
  "another installation's database": {
    damage: async ({ data }, t) =>
      cpSync(join((await installedPlace(t)).data, 'sallyport.db'), join(data, 'sallyport.db')),
    says: /belongs to another installation/,
  },
  'a folder in place of the database': {
    damage: ({ data }) => {
      rmSync(join(data, 'sallyport.db'))
      mkdirSync(join(data, 'sallyport.db'))
    },
    says: /sallyport\.db (?:cannot be read|is empty)/,
  },
  'a marker that is gone': {
    damage: ({ data }) => rmSync(join(data, 'instance.json')),
    says: /is there without its instance marker/,
  },
  'a marker that is no JSON': {
    damage: ({ data }) => writeFileSync(join(data, 'instance.json'), '{'),
    says: /is not readable as an instance marker/,
  },
  'an empty marker': {
    damage: ({ data }) => writeFileSync(join(data, 'instance.json'), ''),
    says: /is not readable as an instance marker/,
  },
  'a marker that is null': {
    damage: ({ data }) => writeFileSync(join(data, 'instance.json'), 'null'),
    says: /is not readable as an instance marker/,
  },
  'a marker in an unknown state': {
    damage: ({ data }) => rewriteMarker(data, { state: 'done' }),
    says: /is not readable as an instance marker/,
  },
  'a marker of an unknown database': {
    damage: ({ data }) => rewriteMarker(data, { database: 'mysql' }),
    says: /is not readable as an instance marker/,
  },
  'the marker of another installation': {
    damage: ({ data }) => rewriteMarker(data, { instanceId: '0b8a1bd0-6d4e-4a86-9c4b-6d93c7a6a8a1' }),
    says: /belongs to another installation/,
  },
  'the marker of an installation on PostgreSQL': {
    damage: ({ data }) => rewriteMarker(data, { database: 'postgres' }),
    says: /belongs to an installation on PostgreSQL\. Give its --database-url/,
  },
  'a database URL for an installation on SQLite': {
    damage: ({ options }) => Object.assign(options, { databaseUrl: 'postgres://nobody@localhost:1/nothing' }),
    says: /holds an installation on SQLite\. Start it without --database-url/,
  },
  'a master key that is gone': {
    damage: ({ data }) => rmSync(join(data, 'master.key')),
    says: /master\.key is missing\. Restore it/,
  },
  'another master key': {
    damage: ({ data }) => writeFileSync(join(data, 'master.key'), '5a'.repeat(32)),
    says: /The master key is not the one this database was made with/,
  },
  'a master key that others can read': {
    damage: ({ data }) => chmodSync(join(data, 'master.key'), 0o644),
    says: /master\.key can be read by others\. Run: chmod 600/,
  },
  'a malformed master key': {
    damage: ({ data }) => writeFileSync(join(data, 'master.key'), 'swordfish'),
    says: /master\.key does not hold a master key/,
  },
  'a file in place of the data directory': {
    damage: ({ data }) => {
      rmSync(data, { recursive: true })
      writeFileSync(data, '')
    },
    says: /cannot be made\. Choose another with --data/,
  },
}

for (const [name, { damage, says }] of Object.entries(damages))
  test(`${name} is refused in one line, and nothing is made in its place`, async (t) => {
    const place = await installedPlace(t)
    await damage(place, t)
    const before = contentsOf(place.data)

    const refusal = await refusalOf(place)

    assert.match(refusal, says)
    assert.doesNotMatch(refusal, /\n/)
    assert.deepEqual(contentsOf(place.data), before)
  })

/** The names and the contents of what lies in a directory, apart from what SQLite itself keeps beside a database. */
function contentsOf(data: string): Record<string, string> {
  if (!statSync(data).isDirectory()) return {}
  const files = readdirSync(data, { withFileTypes: true }).filter(
    (one) => one.isFile() && !/-(?:wal|shm|journal)$/.test(one.name),
  )
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(data, name), 'base64')]))
}
