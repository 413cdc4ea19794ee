/** How many days before a token expires its owner hears of it. */
const DAYS_BEFORE = [1, 7, 14, 30] as const
export const LONGEST_NOTICE_DAYS = 30

const DAY_MS = 86_400_000

/**
 * Which notice of a token is due: that of the nearest day that has come. Undefined when none is, or when the day had
 * passed before the token was made: whoever makes a token for a week need not hear at once that it expires in a week.
 */
export function dueNotice(
  { expiresAtMs, createdAtMs }: { expiresAtMs: number; createdAtMs: number },
  nowMs: number,
): number | undefined {
  if (expiresAtMs <= nowMs) return undefined
  const days = DAYS_BEFORE.find((each) => expiresAtMs - nowMs <= each * DAY_MS)
  return days !== undefined && expiresAtMs - days * DAY_MS >= createdAtMs ? days : undefined
}
