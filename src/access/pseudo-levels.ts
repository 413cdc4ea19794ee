const EVERYBODY_LEVELS: ReadonlySet<string> = new Set(['Any', 'USER'])

/** Says that application tokens are welcome, and nothing about users. */
const APPLICATION_LEVEL = 'API'

/** Does this list of user levels admit every user, whatever else it names? */
export function admitsEverybody(levels: readonly string[]): boolean {
  return levels.some((level) => EVERYBODY_LEVELS.has(level))
}

/** Is this a level that some users hold and others do not? */
export function isNamedLevel(level: string): boolean {
  return level !== APPLICATION_LEVEL && !EVERYBODY_LEVELS.has(level)
}
