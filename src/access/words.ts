/** What a check says and what it compared. */
export interface Words {
  readonly message: string
  readonly expected?: string | readonly string[]
  readonly actual?: string | readonly string[]
}

/** "a, b or c": one of them. */
export function anyOf(values: readonly string[]): string {
  return join(values, 'or')
}

/** "a, b and c": all of them. */
export function allOf(values: readonly string[]): string {
  return join(values, 'and')
}

/** A number of seconds with its unit. */
export function inSeconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`
}

function join(values: readonly string[], lastLink: string): string {
  const [last = '', ...others] = values.toReversed()
  return others.length === 0 ? last : `${others.toReversed().join(', ')} ${lastLink} ${last}`
}
