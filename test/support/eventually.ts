import { setImmediate as turn } from 'node:timers/promises'

/** Asks again until the answer is the wanted one: how long another process takes to see a change is not for tests to know. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
  limitMs: number,
): Promise<Value> {
  const giveUpAtMs = performance.now() + limitMs
  for (;;) {
    const value = await ask()
    if (isWanted(value) || performance.now() > giveUpAtMs) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** What a growing number comes to rest at: the same over many turns of the event loop, for a tenth of a second. */
export async function settled(read: () => number): Promise<number> {
  let [last, since] = [read(), performance.now()]
  while (performance.now() - since < 100) {
    await turn()
    if (read() !== last) [last, since] = [read(), performance.now()]
  }
  return last
}
