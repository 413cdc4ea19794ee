import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import type { Profiles } from './stored-profiles.ts'

const FILE = 'config.yaml'
const LOCK_ATTEMPTS = 100
const LOCK_PAUSE_MS = 20

const none: Profiles = { profiles: {} }

/** Where profiles are kept; undefined for whoever has no home. */
export function profileFile({ env }: Pick<Io, 'env'>): string | undefined {
  if (env['SALLYPORT_CONFIG_DIR']) return join(env['SALLYPORT_CONFIG_DIR'], FILE)
  const xdg = env['XDG_CONFIG_HOME'] ?? ''
  if (isAbsolute(xdg)) return join(xdg, 'sallyport', FILE) // A relative one is to be ignored (XDG Base Directory 0.8).
  return env['HOME'] ? join(env['HOME'], '.config', 'sallyport', FILE) : undefined
}

/** Every profile that is stored. @throws CliFailure when others can read them, or the file is not ours. */
export async function readProfiles(io: Pick<Io, 'env'>): Promise<Profiles> {
  const path = profileFile(io)
  if (path === undefined) return none
  const text = readIfThere(path)
  if (text === undefined) return none
  const { parseProfiles } = await import('./stored-profiles.ts')
  return parseProfiles(text, path)
}

function readIfThere(path: string): string | undefined {
  try {
    requirePrivate(path, statSync(path).mode)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return undefined
    throw error
  }
}

function requirePrivate(path: string, mode: number): void {
  if ((mode & 0o077) === 0) return
  throw new CliFailure({
    exit: 'failed',
    code: 'profiles.exposed',
    what: `Others can read ${path}.`,
    why: 'It holds secrets, which may be known by now.',
    fix: `Close it, and rotate what it holds: chmod 600 ${path}`,
  })
}

/**
 * Changes the profiles: nobody else changes them meanwhile, and a reader sees them before or after. What `change` throws
 * leaves them as they are. Answers where they are kept.
 */
export async function changeProfiles(io: Pick<Io, 'env'>, change: (before: Profiles) => Profiles): Promise<string> {
  const path = profileFile(io)
  if (path === undefined)
    throw usageFailure(
      'There is no place for profiles.',
      'HOME is not set.',
      'Name one: export SALLYPORT_CONFIG_DIR=...',
    )
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  const lock = `${path}.lock`
  await takeLock(lock)
  try {
    const { writeProfiles } = await import('./stored-profiles.ts')
    writeFileSync(lock, writeProfiles(change(await readProfiles(io))), { flush: true })
    renameSync(lock, path)
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  }
  return path
}

/** Whoever makes the file has the lock; what will replace the profiles is written into it. */
async function takeLock(lock: string): Promise<void> {
  for (let attempt = 1; attempt <= LOCK_ATTEMPTS; attempt++) {
    try {
      closeSync(openSync(lock, 'wx', 0o600))
      return
    } catch (error) {
      if (!isNodeError(error, 'EEXIST')) throw error
    }
    await pause(LOCK_PAUSE_MS)
  }
  throw new CliFailure({
    exit: 'conflict',
    code: 'profiles.locked',
    what: 'The profiles are being changed by another command.',
    why: `${lock} is there, and stays.`,
    fix: `If no other command runs, it was left behind: rm ${lock}`,
  })
}

const isNodeError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
