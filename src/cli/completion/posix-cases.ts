import type { Place } from './tree.ts'

/** A word in single quotes, as every shell takes it that follows POSIX. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

const INDENT = '    '

/** Patterns of a `case` for every way from a command to one below it, as `path word`. */
export function stepPattern(places: readonly Place[]): string {
  const steps = places.flatMap(({ path, subcommands }) => subcommands.map(({ word }) => quoted(`${path} ${word}`)))
  return steps.join(' | ')
}

/** A branch of a `case` for each command: what to do at its path. */
export function branches(places: readonly Place[], doing: (place: Place) => string): string {
  return places.map((place) => `${INDENT}${quoted(place.path)}) ${doing(place)} ;;`).join('\n')
}

/** The names of options that take a value: after them comes no word of ours. */
export const valuedOptions = ({ options }: Place): string[] =>
  options.filter(({ takesValue }) => takesValue).flatMap(({ names }) => names)
