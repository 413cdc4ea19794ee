import { type Command, Help, type Option } from 'commander'

const TERM_WIDTH_MAX = 30
const INDENT = 6

/** Help in columns; where the terms are long, each description goes below its term. */
export function formatHelpItem(this: Help, ...args: Parameters<Help['formatItem']>): string {
  const [term, termWidth, description] = args
  if (termWidth <= TERM_WIDTH_MAX || description === '') return Help.prototype.formatItem.apply(this, args)
  const words = this.boxWrap(description, (this.helpWidth ?? 80) - INDENT)
  return `  ${term}\n${words.replace(/^/gm, ' '.repeat(INDENT))}`
}

/** Options that many commands share stand below those that are a command's own, in this order. */
export const sharedHeadings = { server: 'Server:', installation: 'Installation:', output: 'Output:' } as const

/** Items of a help by their headings, in the order of their appearance; shared ones last. */
export function groupOwnFirst<Item extends Command | Option>(
  _unsorted: Item[],
  visible: Item[],
  headingOf: (item: Item) => string,
): Map<string, Item[]> {
  const shared: readonly string[] = Object.values(sharedHeadings)
  const groups = [...Map.groupBy(visible, headingOf)]
  return new Map(groups.toSorted(([left], [right]) => shared.indexOf(left) - shared.indexOf(right)))
}
