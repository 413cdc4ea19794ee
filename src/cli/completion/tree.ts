import type { Command } from 'commander'

/** A word that can come next, and what it means. */
export interface Word {
  readonly word: string
  readonly meaning: string
}

/** An option, by all its names. */
export interface OptionWords {
  readonly names: readonly string[]
  readonly meaning: string
  readonly takesValue: boolean
}

/** What can follow a command: the words that lead to it, joined by spaces; none for the program itself. */
export interface Place {
  readonly path: string
  readonly subcommands: readonly Word[]
  readonly options: readonly OptionWords[]
}

/** Every command of a tree, from the program down. */
export function placesIn(command: Command, path = ''): Place[] {
  const help = command.createHelp()
  const subcommands = help.visibleCommands(command)
  const place = {
    path,
    subcommands: subcommands.map((each) => ({ word: each.name(), meaning: each.summary() || each.description() })),
    options: help.visibleOptions(command).map(({ short, long, description, required, optional }) => ({
      names: [short, long].filter((name) => name !== undefined),
      meaning: description,
      takesValue: required || optional,
    })),
  }
  return [place, ...subcommands.flatMap((each) => placesIn(each, path === '' ? each.name() : `${path} ${each.name()}`))]
}
