import { drift } from './markdown.ts'
import { callExport, readDocument } from './project.ts'

const REFERENCE = 'docs/reference/cli.md'
const CONFIGURATION = 'docs/configuration.md'
const FLAG = /(?<![\w-])--[a-z][a-z-]*/g

/** A command as `src/cli/outline.ts` has it. */
interface Command {
  readonly path: string
  readonly subcommands: readonly { readonly word: string }[]
  readonly options: readonly { readonly names: readonly string[] }[]
}

/** A part of the reference, with the words of its heading. */
interface Section {
  readonly title: string
  readonly code: string
}

/** Each command and option is in the reference, in the section of its command, and none is there that does not exist. */
export async function checkCommandLine(root: string): Promise<string[]> {
  const commands = (await callExport(root, 'src/cli/outline.ts', 'outlineCommands')) as Command[]
  const [introduction, ...sections] = sectionsOf(readDocument(root, REFERENCE))
  const flags = {
    everywhere: flagsIn(`${introduction?.code}\n${readDocument(root, CONFIGURATION)}`),
    known: new Set(commands.flatMap(longNames)),
  }
  const about = new Map(sections.map((section) => [section, commands.filter(({ path }) => isAbout(section, path))]))
  const lost = commands.filter(({ path }) => isOnPage(path) && !sections.some((section) => isAbout(section, path)))
  return [
    ...lost.map(({ path }) => `${REFERENCE} has no section for \`${path}\``),
    ...[...about].flatMap(([section, here]) => [
      ...driftOfFlags(section, here, flags),
      ...missingWords(section, here),
      ...unknownCommands(section, commands),
    ]),
  ]
}

/** The program itself, and what tells of itself, need no section; what only holds others is theirs. */
const isOnPage = (path: string): boolean => !/^(|help|version|.+ help|audit|keys|policy)$/.test(path)

const isAbout = ({ title }: Section, path: string): boolean => `${path} `.startsWith(`${title} `)

/** What stands above the first heading, and a section for each that names a command; of all, only the code. */
function sectionsOf(markdown: string): Section[] {
  return markdown.split(/^## /m).flatMap((text, index) => {
    const title = index === 0 ? '' : /^`([a-z -]+)`/.exec(text)?.[1]
    const code = [...text.matchAll(/```[^]*?```|`[^`\n]+`/g)].map(([span]) => span).join('\n')
    return title === undefined ? [] : [{ title, code }]
  })
}

const flagsIn = (text: string): Set<string> => new Set(text.match(FLAG))

/** A section may mention options of other commands, and none that no command has. */
function driftOfFlags(
  { title, code }: Section,
  here: readonly Command[],
  { everywhere, known }: { everywhere: ReadonlySet<string>; known: ReadonlySet<string> },
): string[] {
  const written = flagsIn(code)
  const needed = new Set(here.flatMap(longNames)).difference(everywhere)
  return drift(`${REFERENCE}, ${title},`, needed.difference(written), written.difference(known))
}

const longNames = ({ options }: Command): string[] =>
  options.flatMap(({ names }) => names).filter((name) => name.startsWith('--'))

function missingWords({ title, code }: Section, here: readonly Command[]): string[] {
  const words = here.flatMap(({ subcommands }) => subcommands.map(({ word }) => word)).filter((word) => word !== 'help')
  const written = new Set(code.match(/[a-z][a-z-]*/g))
  return drift(`${REFERENCE}, ${title},`, new Set(words).difference(written), [])
}

/** Lines that call a command which there is not. */
function unknownCommands({ title, code }: Section, commands: readonly Command[]): string[] {
  const paths = new Set(commands.map(({ path }) => path))
  const groups = new Set(commands.flatMap(({ path, subcommands }) => (subcommands.length > 0 ? [path] : [])))
  const called = [...code.matchAll(/bin\/sallyport ([a-z][a-z -]*)/g)].map(([, words = '']) => words.trim().split(' '))
  const wrong = called.filter(([first = '', second]) => {
    if (!groups.has(first)) return !paths.has(first)
    return second !== undefined && !second.startsWith('-') && !paths.has(`${first} ${second}`)
  })
  return wrong.map((words) => `${REFERENCE}, ${title}, calls \`${words.join(' ')}\`, which is no command`)
}
