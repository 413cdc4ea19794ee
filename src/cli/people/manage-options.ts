import type { Command } from 'commander'
import { addOutputOptions, type OutputOptions } from '../terminal/output.ts'

/** What every command that manages things takes. */
export interface ManageOptions extends OutputOptions {
  readonly url?: string
}

/** Gives a command `--url` and the output options. */
export const managing = (command: Command): Command =>
  addOutputOptions(command.option('--url <url>', 'the server (SALLYPORT_URL)'))

/** A JSON Patch that replaces what is given; what is undefined stays. */
export const replacing = (
  values: Readonly<Record<string, unknown>>,
): { op: 'replace'; path: string; value: unknown }[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ op: 'replace', path: `/${name}`, value }))
