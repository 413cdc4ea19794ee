import { type Command, Option } from 'commander'
import { settingOptions } from '../../config/setting-options.ts'
import { type Flags, readSettings, type Settings } from '../../config/settings.ts'
import { readWritten } from '../terminal/failure.ts'
import { sharedHeadings } from '../terminal/help-format.ts'
import type { Io } from '../terminal/io.ts'

/** Gives a command the flags of these settings; all of them when none are named. */
export function addSettingOptions(command: Command, keys?: readonly (keyof Settings)[]): Command {
  for (const { key, flag, valueName, isRepeatable, environment, meaning, defaultWords } of settingOptions()) {
    if (flag === undefined || (keys && !keys.includes(key))) continue
    const words = `${meaning} Default: ${defaultWords}. (${environment})`.replaceAll('`', '')
    const option = new Option(valueName === undefined ? flag : `${flag} <${valueName}>`, words)
    if (isRepeatable) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
    // Those of `serve` are its own.
    if (keys) option.helpGroup(sharedHeadings.installation)
    command.addOption(option)
  }
  return command
}

/** Where local commands find the installation. */
export const installationKeys = [
  'data',
  'databaseUrl',
  'migrationUrl',
  'masterKeyFile',
] as const satisfies readonly (keyof Settings)[]

/** The settings of a command from its flags and the environment. @throws WrittenMistakes, all at once. */
export const settingsOf = (flags: Flags, io: Io): Settings => readWritten(() => readSettings(flags, io.env, io.isTty))
