import { Help } from 'commander'

const TERM_WIDTH_MAX = 30
const INDENT = 6

/** Help in columns; where the terms are long, each description goes below its term. */
export function formatHelpItem(this: Help, ...args: Parameters<Help['formatItem']>): string {
  const [term, termWidth, description] = args
  if (termWidth <= TERM_WIDTH_MAX || description === '') return Help.prototype.formatItem.apply(this, args)
  const words = this.boxWrap(description, (this.helpWidth ?? 80) - INDENT)
  return `  ${term}\n${words.replace(/^/gm, ' '.repeat(INDENT))}`
}
