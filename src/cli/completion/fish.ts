import type { OptionWords, Place } from './tree.ts'

/** For fish 3.4 and later, with the meaning of each word. */
export const fishScript = (places: readonly Place[]): string => `# Completion of sallyport for fish.
function __sallyport_place
    set -l place
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        switch (string join ' ' $place $word)
            case ${places.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' ')}
                set -a place $word
        end
    end
    string join ' ' $place
end
${places.flatMap(linesOf).join('\n')}
`

function linesOf({ path, subcommands, options }: Place): string[] {
  const at = `complete -c sallyport -n ${quoted(`test "$(__sallyport_place)" = "${path}"`)}`
  return [
    ...subcommands.map(({ word, meaning }) => `${at} -f -a ${word} -d ${quoted(meaning)}`),
    ...options.map((option) => `${at} ${wordsOf(option)} -d ${quoted(option.meaning)}`),
  ]
}

function wordsOf({ names, takesValue }: OptionWords): string {
  const words = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  return [...words, ...(takesValue ? ['-r'] : [])].join(' ')
}

/** In single quotes fish takes two characters for more than themselves. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, String.raw`\$&`)}'`
