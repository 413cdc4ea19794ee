import { branches, quoted, stepPattern, valuedOptions } from './posix-cases.ts'
import type { Place } from './tree.ts'

/** For bash 3.2 and later, which macOS has. Values of options, and what no word of ours begins, are files. */
export const bashScript = (places: readonly Place[]): string => `# Completion of sallyport for bash.
_sallyport() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" place= commands= options= valued= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place \${COMP_WORDS[i]}" in
    ${stepPattern(places)}) place="\${place:+$place }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place" in
${branches(places, assignments)}
  esac
  COMPREPLY=()
  case " $valued " in *" $before "*) return ;; esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$current")) ;;
  esac
}
complete -o default -F _sallyport sallyport
`

function assignments(place: Place): string {
  const commands = place.subcommands.map(({ word }) => word)
  const options = place.options.flatMap(({ names }) => names)
  const words = { commands, options, valued: valuedOptions(place) }
  return Object.entries(words)
    .map(([name, list]) => `${name}=${quoted(list.join(' '))}`)
    .join(' ')
}
