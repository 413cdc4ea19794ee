/** Reads a whole number from the command line; throws in words when it is none or out of bounds. */
export function readCount(name: string, text: string, bounds: { from: number; to: number }): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (count >= bounds.from && count <= bounds.to) return count
  throw new Error(`--${name} takes a whole number from ${bounds.from} to ${bounds.to}.`)
}
