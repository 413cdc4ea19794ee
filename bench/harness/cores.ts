import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Which core serves and which one asks; `undefined` where nothing can be pinned. `told` says it in a sentence. */
export interface Cores {
  server: number | undefined
  generator: number | undefined
  told: string
}

const UNPINNED = { server: undefined, generator: undefined }

/** Parses the kernel's list form, `0-3,8`. */
function parseCoreList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
  })
}

function allowedCores(): number[] {
  const statusFile = '/proc/self/status'
  if (!existsSync(statusFile)) return []
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(statusFile, 'utf8'))?.[1]
  return list === undefined ? [] : parseCoreList(list)
}

/** The first core is the server's and the last the generator's: on most machines they are no siblings. */
export function chooseCores(): Cores {
  const [first, ...others] = allowedCores()
  const last = others.at(-1)
  if (first === undefined || spawnSync('taskset', ['-V']).status !== 0) {
    return { ...UNPINNED, told: 'Nothing is pinned: there is no taskset here. Compare req/s with care.' }
  }
  if (last === undefined) {
    return { ...UNPINNED, told: 'Nothing is pinned: one core serves and asks. Compare requests per CPU-second only.' }
  }
  return { server: first, generator: last, told: `Server on core ${first}, load generator on core ${last}.` }
}

/** Moves this process, with all its threads, to `core`. */
export function pinThisProcess(core: number | undefined): void {
  if (core === undefined) return
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)])
  if (status !== 0) throw new Error(`taskset could not move the load generator to core ${core}.`)
}

/** The command line that runs `command` on `core`; taskset execs it, so the process id stays the child's. */
export function pinnedCommand(core: number | undefined, command: readonly string[]): string[] {
  return core === undefined ? [...command] : ['taskset', '-c', String(core), ...command]
}
