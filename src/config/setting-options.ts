import { settingKeys } from './settings.ts'
import { type SettingKey, type SettingNotes, SettingsSchema } from './settings-schema.ts'

/** A setting as help texts and documentation show it. */
export interface SettingOption {
  readonly key: SettingKey
  /** Absent for a setting that only the environment gives. */
  readonly flag: string | undefined
  /** What follows the flag; absent for a switch. */
  readonly valueName: string | undefined
  readonly isRepeatable: boolean
  readonly environment: string
  readonly fileEnvironment: string | undefined
  readonly meaning: string
  /** In words; Markdown code marks included. */
  readonly defaultWords: string
}

/** Every setting, in the order of the documentation. */
export function settingOptions(): SettingOption[] {
  return settingKeys().map((key) => {
    const schema: { default?: unknown; notes: SettingNotes } = SettingsSchema.properties[key]
    const { flag, valueName, environment, fileEnvironment, meaning, defaultWords } = schema.notes
    return {
      key,
      flag,
      valueName,
      isRepeatable: Array.isArray(schema.default),
      environment,
      fileEnvironment,
      meaning,
      defaultWords: defaultWords ?? wordsForDefault(schema.default),
    }
  })
}

function wordsForDefault(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' || typeof value === 'number' ? `\`${value}\`` : 'none'
}
