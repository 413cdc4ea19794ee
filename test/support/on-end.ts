import type { TestContext } from 'node:test'

/** Whoever cleans up when it ends: a test, or all tests of a file. */
export type Owner = Pick<TestContext, 'after'>

const undoing = new WeakMap<Owner, (() => unknown)[]>()

/** Runs `undo` when the owner ends: what was made last goes first, so a database outlives the server that uses it. */
export function onEnd(owner: Owner, undo: () => unknown): void {
  let stack = undoing.get(owner)
  if (!stack) {
    const made: (() => unknown)[] = []
    stack = made
    undoing.set(owner, made)
    owner.after(async () => {
      for (const each of made.reverse()) await each()
    })
  }
  stack.push(undo)
}
