const DAY_MS = 86_400_000

/** Days since 1970, in UTC: what usage is counted by. */
export const dayOf = (unixMs: number): number => Math.floor(unixMs / DAY_MS)

/** A day as people write it: `2026-06-01`. */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** The day that a date names; undefined for one that no calendar has. */
export function dayOfDate(date: string): number | undefined {
  const unixMs = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(unixMs) || dateOf(dayOf(unixMs)) !== date ? undefined : dayOf(unixMs)
}
