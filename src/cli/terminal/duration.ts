const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A length of time in the two units that matter: `11 h 58 min`, `3 days 4 h`, `9 s`. */
export function durationWords(lengthMs: number): string {
  const days = Math.floor(lengthMs / DAY_MS)
  const hours = Math.floor((lengthMs % DAY_MS) / HOUR_MS)
  const minutes = Math.floor((lengthMs % HOUR_MS) / MINUTE_MS)
  const seconds = Math.floor((lengthMs % MINUTE_MS) / SECOND_MS)
  if (days > 0) return joined(days === 1 ? '1 day' : `${days} days`, hours, 'h')
  if (hours > 0) return joined(`${hours} h`, minutes, 'min')
  if (minutes > 0) return joined(`${minutes} min`, seconds, 's')
  return `${seconds} s`
}

function joined(first: string, count: number, unit: string): string {
  return count === 0 ? first : `${first} ${count} ${unit}`
}
