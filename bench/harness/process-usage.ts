import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all its descendants used: CPU seconds so far, bytes resident now and at their highest. */
export interface ProcessUsage {
  cpuSeconds: number
  residentBytes: number
  peakResidentBytes: number
}

const TICKS_PER_SECOND = 100 // USER_HZ, the unit of /proc/<pid>/stat on every Linux that Node runs on

/** A process may end between two reads; it then counts as nothing. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** The process and all its descendants; empty where there is no /proc. */
export function processTree(pid: number): number[] {
  const threads = threadsOf(pid)
  if (threads.length === 0) return []
  const children = threads.flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(processTree)]
}

function cpuSecondsOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // The command's name is in parentheses and may hold spaces; state, the third field, follows the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime stime cutime cstime, fields 14 to 17 of proc(5): children that ended count through their parent.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return ticks / TICKS_PER_SECOND
}

function statusBytes(pid: number, key: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${key}:\\s*(\\d+) kB$`, 'm').exec(readOrEmpty(`/proc/${pid}/status`))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

/** Undefined where there is no /proc, as outside Linux. */
export function usageOf(pid: number): ProcessUsage | undefined {
  const pids = processTree(pid)
  if (pids.length === 0) return undefined
  const sum = (measure: (pid: number) => number) => pids.reduce((total, each) => total + measure(each), 0)
  return {
    cpuSeconds: sum(cpuSecondsOf),
    residentBytes: sum((each) => statusBytes(each, 'VmRSS')),
    peakResidentBytes: sum((each) => statusBytes(each, 'VmHWM')),
  }
}
