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
