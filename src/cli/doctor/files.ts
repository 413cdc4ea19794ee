import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { fail, type Finding, ok, warn } from './findings.ts'

const OTHERS = 0o077
const MEGABYTE = 1024 * 1024
const FREE_MB_FAIL = 100
const FREE_MB_WARN = 1024

/** Is the data directory there, ours, and closed to others? */
export function checkDataDirectory({ data }: Settings): Finding {
  if (!existsSync(data))
    return fail(
      'data',
      `There is no installation in ${data}.`,
      'Say where it is with --data, or start one: sallyport serve.',
    )
  const { mode } = statSync(data)
  if (!canUse(data)) return fail('data', `This user cannot write to ${data}.`, `chown -R $(id -un) ${data}`)
  if ((mode & OTHERS) !== 0)
    return warn('data', `Others on this machine can look into ${data}.`, `Close it: chmod 700 ${data}`)
  return ok('data', `${data} is closed to others.`)
}

/** Can nobody else read what is secret? */
export function checkFileModes({ data, masterKeyFile, masterKey }: Settings): Finding {
  if (masterKey === undefined && !existsSync(masterKeyFile))
    return fail(
      'files',
      `The master key ${masterKeyFile} is not there.`,
      'Put it back from where it was kept: without it the keys in the database are lost.',
    )
  const files = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(data, name))
  if (masterKey === undefined) files.push(masterKeyFile)
  const open = [...new Set(files)].filter((file) => (statSync(file).mode & OTHERS) !== 0)
  if (open.length === 0) return ok('files', 'Nobody else can read the files.')
  return fail('files', `Others on this machine may read ${open.join(', ')}.`, `chmod 600 ${open.join(' ')}`)
}

/** Is there room for the database to grow? */
export function checkDisk({ data }: Settings): Finding {
  const { bavail, bsize } = statfsSync(data)
  return roomFinding(Math.floor((bavail * bsize) / MEGABYTE), data)
}

/** What so much free space means, in megabytes. */
export function roomFinding(freeMegabytes: number, data: string): Finding {
  const message = `${freeMegabytes} MB are free on the disk of ${data}.`
  if (freeMegabytes >= FREE_MB_WARN) return ok('disk', message)
  const fix = 'Make room: a full disk stops every write, tokens and audit events among them.'
  return freeMegabytes < FREE_MB_FAIL ? fail('disk', message, fix) : warn('disk', message, fix)
}

function canUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
