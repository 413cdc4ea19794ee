import { branches, quoted, stepPattern, valuedOptions } from './posix-cases.ts'
import type { Place } from './tree.ts'

/** For zsh, with the meaning of each word. `commands` and `options` are its own there. Values of options, and what no word of ours begins, are files. */
export const zshScript = (places: readonly Place[]): string => `#compdef sallyport
# Completion of sallyport for zsh.
_sallyport() {
  local place= i
  local -a subcommands flags valued
  for ((i = 2; i < CURRENT; i++)); do
    case "$place \${words[i]}" in
    ${stepPattern(places)}) place="\${place:+$place }\${words[i]}" ;;
    esac
  done
  case "$place" in
${branches(places, assignments)}
  esac
  if ((\${valued[(Ie)\${words[CURRENT-1]}]})); then _files; return; fi
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option flags
  elif (($#subcommands)); then _describe command subcommands
  else _files
  fi
}
compdef _sallyport sallyport
`

function assignments(place: Place): string {
  const commands = place.subcommands.map(({ word, meaning }) => described(word, meaning))
  const options = place.options.flatMap(({ names, meaning }) => names.map((name) => described(name, meaning)))
  return `subcommands=(${commands.join(' ')}) flags=(${options.join(' ')}) valued=(${valuedOptions(place).join(' ')})`
}

// A colon ends the word that is described.
const described = (word: string, meaning: string): string => quoted(`${word.replaceAll(':', '\\:')}:${meaning}`)
