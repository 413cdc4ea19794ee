import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * To be called once, when everything is loaded: keeps the compiled code for the next start, and gives back the memory
 * that starting took. The engine itself would keep it: a server that waits for requests makes no garbage.
 */
export function settleDown(): void {
  flushCompileCache()
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as (options: object) => void // what the flag exposes
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
