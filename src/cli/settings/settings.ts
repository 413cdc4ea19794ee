import type { Command } from 'commander'
import { usageFailure } from '../terminal/failure.ts'
import { type AskOptions, asking, openServer } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { printJson, printRows, runCommand } from '../terminal/output.ts'

const PATH = '/sallyport/v1/settings'

interface SettingsOptions extends AskOptions {
  readonly force?: boolean
}

/** The settings as answered: sections of named values. */
type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Adds `sallyport settings show` and `sallyport settings set`: what a tenant's administrators decide. */
export function registerSettings(program: Command, io: Io): void {
  const settings = program.command('settings').description('show or change the settings of a tenant')
  const show = settings.command('show [section]').description('all settings, or those of one section')
  asking(show).action((section: string | undefined, options: SettingsOptions) =>
    runCommand(io, options, () => showSettings(io, section, options)),
  )
  const set = settings
    .command('set <assignment...>')
    .description('change settings: SECTION.NAME=VALUE, several at once or none of them')
    .option('--force', 'also a network rule that keeps you out')
  asking(set).action((assignments: string[], options: SettingsOptions) =>
    runCommand(io, options, () => changeSettings(io, assignments, options)),
  )
}

async function showSettings(io: Io, section: string | undefined, options: SettingsOptions): Promise<void> {
  const { client, format } = await openServer(io, options)
  const settings = (await client.get(PATH)) as Settings // as the reference of the route has it
  const wanted = section === undefined ? settings : pick(settings, section)
  if (format === 'json') printJson(io, wanted)
  else printRows(io, rowsOf(wanted), format)
}

async function changeSettings(io: Io, assignments: readonly string[], options: SettingsOptions): Promise<void> {
  const patch = assignments.map(operationOf)
  const { client, format } = await openServer(io, options)
  const path = options.force ? `${PATH}?force=true` : PATH
  const settings = (await client.patch(path, patch)) as Settings // likewise
  const sections = new Set(patch.map(({ path: pointer }) => pointer.split('/')[1]))
  const changed = Object.fromEntries(Object.entries(settings).filter(([name]) => sections.has(name)))
  if (format === 'json') printJson(io, changed)
  else printRows(io, rowsOf(changed), format)
}

function pick(settings: Settings, section: string): Settings {
  const values = Object.hasOwn(settings, section) ? settings[section] : undefined
  if (values !== undefined) return { [section]: values }
  throw usageFailure(
    `There is no section ${section}.`,
    `The sections are ${Object.keys(settings).join(', ')}.`,
    'Leave it out to see all.',
  )
}

function operationOf(assignment: string): { op: 'replace'; path: string; value: unknown } {
  const [, section, name, value = ''] = /^([A-Za-z]+)\.([A-Za-z]+)=([^]*)$/.exec(assignment) ?? []
  if (section !== undefined && name !== undefined)
    return { op: 'replace', path: `/${section}/${name}`, value: valueOf(value) }
  throw usageFailure(
    `${assignment} sets nothing.`,
    'A setting is named by its section and its name, and followed by = and a value.',
    'For example: sallyport settings set lockout.maximumAttempts=3',
  )
}

/** Numbers, true, false and lists are written as in JSON; anything else is text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const rowsOf = (settings: Settings): string[][] =>
  Object.entries(settings).flatMap(([section, values]) =>
    Object.entries(values).map(([name, value]) => [`${section}.${name}`, JSON.stringify(value)]),
  )
