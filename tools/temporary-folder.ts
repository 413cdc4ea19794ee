import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const GIB = 2 ** 30

/** A file system in memory, and how much must be free for the tests of a whole run to be in nobody's way. */
export interface MemoryFolder {
  readonly path: string
  readonly room: number
  /** Of the machine or the container. */
  readonly memory: number
}

const linux: MemoryFolder = { path: '/dev/shm', room: 2 * GIB, memory: 4 * GIB }

/**
 * A new folder for everything that tests write; whoever asks removes it. It lies in memory where that can be had: tests
 * make thousands of databases, and would wait for the disk at every commit. `TMPDIR` says where else it is to lie.
 */
export function makeTemporaryFolder(memory = linux, { TMPDIR } = process.env): string {
  const isInMemory = TMPDIR === undefined && hasRoom(memory) && canRunPrograms(memory.path)
  return folderIn(isInMemory ? memory.path : (TMPDIR ?? tmpdir()))
}

function hasRoom({ path, room, memory }: MemoryFolder): boolean {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize >= room && process.availableMemory() >= memory
  } catch {
    return false // There is no such folder.
  }
}

/** Containers often have it without the right to execute, and some tests run what they write. */
function canRunPrograms(path: string): boolean {
  const folder = folderIn(path)
  try {
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    return spawnSync(program).status === 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function folderIn(parent: string): string {
  const folder = mkdtempSync(join(parent, 'sallyport-'))
  chmodSync(folder, 0o1777) // Like /tmp: where we are root, PostgreSQL runs as another account, and cleans up.
  return folder
}
