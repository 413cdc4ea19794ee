import { join } from 'node:path'
import { type TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import { OperatorError } from '../errors.ts'
import { isServiceLink, problemsWithVariables, readSecretVariable } from './environment.ts'
import { canonicalDomain } from './host-names.ts'
import { excerpt } from './printable.ts'
import { brokenRules } from './setting-rules.ts'
import { problemsWithTexts, settingValue } from './setting-values.ts'
import { type SettingKey, type SettingNotes, type Settings, SettingsSchema } from './settings-schema.ts'

export type { Settings } from './settings-schema.ts'

/** Parsed command line options, by the camel-cased name of the flag. */
export type Flags = Readonly<Record<string, string | string[] | boolean | undefined>>

interface Given {
  /** The flag or variable that messages name. */
  readonly source: string
  readonly texts: readonly string[]
  readonly problem?: string
}

interface Reading {
  readonly values: Map<SettingKey, unknown>
  readonly failed: Set<SettingKey>
  readonly problems: string[]
}

/**
 * Reads the settings: a flag wins over its variable, a variable over the default; an empty variable is none.
 * `domain` is absent only when port 0 leaves it open until the server listens.
 *
 * @throws OperatorError with every mistake at once.
 */
export function readSettings(
  flags: Flags,
  environment: NodeJS.ProcessEnv,
  isTerminal: boolean = process.stdout.isTTY === true,
): Settings {
  const reading: Reading = { values: new Map(), failed: new Set(), problems: [] }
  for (const key of settingKeys()) readSetting(key, findGiven(key, flags, environment), reading)
  if (reading.values.has('masterKey') && reading.values.has('masterKeyFile')) {
    reading.problems.push('SALLYPORT_MASTER_KEY: give the master key or --master-key-file, not both')
  }

  const settings = completeSettings(reading, isTerminal)
  const problems = [
    ...reading.problems,
    ...brokenRules(settings, reading.failed),
    ...problemsWithVariables(environment),
  ]
  if (problems.length > 0) throw new OperatorError(problems)
  return settings
}

/** The names of all settings, in the order of the documentation. */
export function settingKeys(): SettingKey[] {
  return Object.keys(SettingsSchema.properties).filter(isSettingKey)
}

function isSettingKey(name: string): name is SettingKey {
  return Object.hasOwn(SettingsSchema.properties, name)
}

function schemaOf(key: SettingKey): TSchema & { default?: unknown; notes: SettingNotes } {
  return SettingsSchema.properties[key]
}

function findGiven(key: SettingKey, flags: Flags, environment: NodeJS.ProcessEnv): Given | undefined {
  const { notes } = schemaOf(key)
  const flag = flags[key]
  if (flag !== undefined) return { source: notes.flag ?? key, texts: [flag].flat().map(String) }
  const text = environment[notes.environment]
  const path = environment[notes.fileEnvironment ?? '']
  if (path && notes.fileEnvironment) {
    if (!text) return givenByFile(notes.fileEnvironment, path)
    return { source: notes.environment, texts: [], problem: `give this or ${notes.fileEnvironment}, not both` }
  }
  if (!text || isServiceLink(notes.environment, text)) return undefined
  return { source: notes.environment, texts: Type.IsArray(schemaOf(key)) ? splitList(text) : [text] }
}

function givenByFile(source: string, path: string): Given {
  const read = readSecretVariable(path)
  if ('text' in read) return { source, texts: [read.text] }
  return { source, texts: [], problem: `${excerpt(path)} ${read.problem}` }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function readSetting(key: SettingKey, given: Given | undefined, { values, failed, problems }: Reading): void {
  const schema = schemaOf(key)
  if (schema.default !== undefined) values.set(key, schema.default)
  if (given === undefined) return

  const mistakes = given.problem === undefined ? problemsWithTexts(schema, schema.notes, given.texts) : [given.problem]
  if (mistakes.length > 0) {
    failed.add(key)
    problems.push(...mistakes.map((mistake) => `${given.source}: ${mistake}`))
  } else {
    values.set(key, settingValue(schema, given.texts))
  }
}

/** Fills in the defaults that depend on other settings, so that rules across settings see whole settings. */
function completeSettings({ values }: Reading, isTerminal: boolean): Settings {
  const publicScheme = values.get('publicScheme') ?? (values.has('tlsCert') ? 'https' : 'http')
  const domain = values.get('domain') ?? localDomain(values.get('port'))
  const complete = {
    masterKeyFile: join(String(values.get('data')), 'master.key'),
    logFormat: isTerminal ? 'text' : 'json',
    ...Object.fromEntries(values),
    publicScheme,
    ...(typeof domain === 'string'
      ? { domain: canonicalDomain(domain, publicScheme === 'https' ? 'https' : 'http') }
      : {}),
  }
  if (!Check(SettingsSchema, complete)) throw new TypeError('A default of the settings is not one of their values.')
  for (const value of Object.values(complete)) Object.freeze(value)
  return Object.freeze(complete)
}

function localDomain(port: unknown): string | undefined {
  return typeof port === 'number' && port !== 0 ? `localhost:${port}` : undefined
}
