import { createHook } from 'node:async_hooks'

const kept: object[] = []

/**
 * Keeps one of Node's ticks, so that the engine never forgets the shape of them. A collection that meets no tick would
 * forget it, and `process.nextTick`, which a request needs half a dozen times, would take the slow way ever after: that
 * costs Node 26 one token in twenty-five.
 */
export function keepTickShape(): void {
  const init = (_id: number, type: string, _trigger: number, tick: object): void => {
    if (type === 'TickObject') kept.push(tick)
  }
  const hook = createHook({ init }).enable()
  process.nextTick(() => {})
  hook.disable()
}
