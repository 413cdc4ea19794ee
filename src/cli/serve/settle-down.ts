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
  trimAllocator()
}

/**
 * The GNU C library keeps what compiling took and gave back, some 25 MB in pieces, unless it is asked to let go. Other
 * libraries have no such function, nor need one; and a Node without `node:ffi`, which is experimental, does as well.
 */
function trimAllocator(): void {
  try {
    const { lib, functions } = process
      .getBuiltinModule('node:ffi')
      .dlopen(null, { malloc_trim: { arguments: ['u64'], return: 'i32' } })
    functions.malloc_trim(0n)
    lib.close()
  } catch {
    // The memory stays taken, and nothing else is different.
  }
}
