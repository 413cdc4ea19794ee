import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = join(import.meta.dirname, '..')
const lockFile = join(directory, 'package-lock.json')
const installedLockFile = join(directory, 'node_modules', '.setup')

function isInstalled(): boolean {
  return existsSync(installedLockFile) && readFileSync(installedLockFile, 'utf8') === readFileSync(lockFile, 'utf8')
}

/** Installs the packages that the benchmarks compare with, unless the locked ones are there already. */
export function installPackages(): void {
  if (isInstalled()) return
  console.log("Installing the benchmark's own packages (the servers it compares with and the load generator) ...")
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: directory, stdio: 'inherit' })
  if (status !== 0) throw new Error('npm ci failed in bench/. It needs npm and a network; its own message is above.')
  copyFileSync(lockFile, installedLockFile)
}
