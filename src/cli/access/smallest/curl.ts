import { type FoundRequest, requestOf } from './request.ts'

/** Options of curl that take no value; all others take one, so that no header or secret is ever taken for an address. */
const SWITCHES =
  /^(-[sSkLivgfNOI#0-6]+|-G|--(silent|show-error|insecure|location|include|verbose|globoff|fail|no-buffer|head|get|compressed|http[0-9.]+|ipv[46]|fail-with-body|location-trusted|remote-name|tlsv1\.[0-3]|path-as-is|progress-bar|no-progress-meter))$/
const DATA = /^(-d|--data.*|--json|-F|--form.*)$/

/** The requests of the curl commands in a text; of each, its method and path alone. */
export function readCurls(text: string): FoundRequest[] {
  return commandsOf(wordsOf(text.replaceAll(/\\\r?\n/g, ' '))).flatMap((words) => requestOfCurl(words) ?? [])
}

interface Parsed {
  method: string | undefined
  url: string | undefined
  hasData: boolean
  isGet: boolean
}

function requestOfCurl(words: readonly string[]): FoundRequest | undefined {
  const parsed: Parsed = { method: undefined, url: undefined, hasData: false, isGet: false }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') parsed.url ??= word
    else if (SWITCHES.test(word)) readSwitch(parsed, word)
    else at += readOption(parsed, word, words[at + 1] ?? '')
  }
  const { url, isGet, hasData, method = isGet || !hasData ? 'GET' : 'POST' } = parsed
  return url === undefined ? undefined : requestOf(method, url)
}

function readSwitch(parsed: Parsed, word: string): void {
  if (word === '--head' || /^-[a-zA-Z]*I/.test(word)) parsed.method ??= 'HEAD'
  if (word === '--get' || word === '-G') parsed.isGet = true
}

/** How many words after the option belong to it: none where its value is glued to it. */
function readOption(parsed: Parsed, word: string, next: string): 0 | 1 {
  const [, glued] = /^-[XdFHuAbeoTw](.+)$/.exec(word) ?? []
  const [name, value] = glued !== undefined && !word.startsWith('--') ? [word.slice(0, 2), glued] : word.split('=', 2)
  const isGlued = value !== undefined
  const argument = value ?? next
  if (name === '-X' || name === '--request') parsed.method = argument
  else if (name === '--url') parsed.url ??= argument
  else if (name === '-T' || name === '--upload-file') parsed.method ??= 'PUT'
  else if (DATA.test(name ?? '')) parsed.hasData = true
  return isGlued ? 0 : 1
}

/** Words after `curl`, until the next command. */
function commandsOf(words: readonly string[]): string[][] {
  const commands: string[][] = []
  let current: string[] | undefined
  for (const word of words) {
    if (/(^|\/)curl(\.exe)?$/.test(word)) commands.push((current = []))
    else if (/^(\||\|\||&&|;|\n)$/.test(word)) current = undefined
    else current?.push(word)
  }
  return commands
}

/** Words as a shell reads them, quotes taken off; a line's end is a word of its own. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [piece] of text.matchAll(
    /\n|\|\|?|&&|;(?=\s|$)|(?:"(?:\\[^]|[^"\\])*"|\$?'[^']*'|\\[^]|[^\s"'\\|;]|;(?=\S))+/g,
  )) {
    words.push(piece.replaceAll(QUOTED, unquote))
  }
  return words
}

const QUOTED = /"((?:\\[^]|[^"\\])*)"|\$?'([^']*)'|\\([^])/g

function unquote(_whole: string, double?: string, single?: string, escaped?: string): string {
  return double?.replaceAll(/\\([^])/g, '$1') ?? single ?? escaped ?? ''
}
