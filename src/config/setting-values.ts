import { type TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import { excerpt } from './printable.ts'
import type { SettingNotes } from './settings-schema.ts'

const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** The value that texts from the command line or the environment stand for; text that fits no type stays text. */
export function settingValue(schema: TSchema, texts: readonly string[]): unknown {
  if (Type.IsArray(schema)) return [...texts]
  const text = texts.at(-1) ?? ''
  if (Type.IsString(schema) || Type.IsEnum(schema)) return text
  if (Type.IsBoolean(schema)) return SWITCH_WORDS.get(text)
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

/** What is wrong with the texts given for a setting, a sentence each; empty when they are a value of the schema. */
export function problemsWithTexts(schema: TSchema, notes: SettingNotes, texts: readonly string[]): string[] {
  const single = Type.IsArray(schema) ? schema.items : schema
  const problems = texts.flatMap((text) => {
    const isValid = Check(single, settingValue(single, [text]))
    const problem = notes.problem?.(text) ?? (isValid ? undefined : `is not ${notes.kind}; give ${notes.give}`)
    return problem === undefined ? [] : [`${notes.isSecret ? 'the value' : excerpt(text)} ${problem}`]
  })
  const isTooMany = problems.length === 0 && !Check(schema, settingValue(schema, texts))
  return isTooMany ? [`${texts.length} values are too many`] : problems
}
