import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDatabaseOutage } from './outage.ts'

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('said so'), { code, ...more })

const outages: Record<string, unknown> = {
  'SQLite is held by another process': withCode('SQLITE_BUSY'),
  'SQLite is recovering after a crash': withCode('SQLITE_BUSY_RECOVERY'),
  'the disk is full': withCode('SQLITE_FULL'),
  'the disk fails': withCode('SQLITE_IOERR_FSYNC'),
  'the disk is read-only': withCode('SQLITE_READONLY'),
  'the database cannot be opened': withCode('SQLITE_CANTOPEN'),
  'the database is damaged': withCode('SQLITE_CORRUPT'),
  'the database is no database': withCode('SQLITE_NOTADB'),
  'PostgreSQL cannot connect': withCode('08006'),
  'PostgreSQL has too many connections': withCode('53300'),
  'PostgreSQL has no disk space': withCode('53100'),
  'PostgreSQL cancels a slow statement': withCode('57014'),
  'PostgreSQL is told to stop': withCode('57P01'),
  'PostgreSQL starts': withCode('57P03'),
  'PostgreSQL cannot read its files': withCode('58030'),
  'PostgreSQL finds damage': withCode('XX001'),
  'PostgreSQL became a standby': withCode('25006'),
  'PostgreSQL does not let us in any more': withCode('28P01'),
  'PostgreSQL has lost the database': withCode('3D000'),
  'a transaction lost to others to the end': withCode('40001'),
  'a deadlock was broken to the end': withCode('40P01'),
  'a lock was not had in time': withCode('55P03'),
  'nobody listens': withCode('ECONNREFUSED', { syscall: 'connect' }),
  'the connection broke': withCode('ECONNRESET', { syscall: 'read' }),
  'the name is not known': withCode('ENOTFOUND', { syscall: 'getaddrinfo' }),
  'the network is away': withCode('ENETUNREACH', { syscall: 'connect' }),
  'the socket is not there': withCode('ENOENT', { syscall: 'connect' }),
  'the pool is exhausted': new Error('timeout exceeded when trying to connect'),
  'the server went away': new Error('Connection terminated unexpectedly'),
  'the server is silent': new Error('Query read timeout'),
  'the connection is spoilt': new Error('Client has encountered a connection error and is not queryable'),
}

const refusals: Record<string, unknown> = {
  'a value is taken (SQLite)': withCode('SQLITE_CONSTRAINT_UNIQUE'),
  'a value is taken (PostgreSQL)': withCode('23505'),
  'a statement is wrong (SQLite)': withCode('SQLITE_ERROR'),
  'a statement is wrong (PostgreSQL)': withCode('42601'),
  'row-level security refuses': withCode('42501'),
  'some other file is missing': withCode('ENOENT', { syscall: 'open' }),
  'a program error': new TypeError('undefined is not a function'),
  'something that is no error': { code: 'SQLITE_BUSY' },
  'a code that only looks like one': withCode('080'),
}

for (const [name, error] of Object.entries(outages))
  test(`an outage: ${name}`, () => {
    assert.equal(isDatabaseOutage(error), true)
  })

for (const [name, error] of Object.entries(refusals))
  test(`no outage: ${name}`, () => {
    assert.equal(isDatabaseOutage(error), false)
  })
