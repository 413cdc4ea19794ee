import { type TArray, type TEnum, type TInteger, type TObject, type TProperties, type TSchema, Type } from 'typebox'

/** Answers what is wrong with a text, as the rest of a sentence that starts with the name of its key. */
export type TextCheck = (text: string) => string | undefined

interface Description {
  /** Completes "must be ..." for a value that does not fit. */
  readonly words: string
  /** A check that the schema cannot express. */
  readonly check?: TextCheck | undefined
}

/** Joins a schema with the words that people get when a value does not fit it. */
export function described<Schema extends TSchema>(schema: Schema, words: string, check?: TextCheck): Schema {
  return Object.assign(schema, { says: { words, check } satisfies Description })
}

/** What `described` attached; undefined for a schema without. */
export function descriptionOf(schema: TSchema): Description | undefined {
  return isDescribed(schema) ? schema.says : undefined
}

/** A mapping with these keys and no others. */
export function table<Properties extends TProperties>(properties: Properties): TObject<Properties> {
  return described(Type.Object(properties, { additionalProperties: false }), 'a mapping of keys to values')
}

/** A list of bounded length. */
export function list<Item extends TSchema>(item: Item, maxItems: number, minItems = 0): TArray<Item> {
  const count = minItems === 0 ? `at most ${maxItems}` : `${minItems} to ${maxItems}`
  return described(Type.Array(item, { minItems, maxItems }), `a list of ${count} entries`)
}

/** One of a few words. */
export function choice<Words extends string[]>(...words: [...Words]): TEnum<Words> {
  return described(Type.Enum(words), `one of ${words.join(', ')}`)
}

/** A whole number within limits; `unit` is said after them. */
export function wholeNumber(minimum: number, maximum: number, unit?: string): TInteger {
  const words = unit === undefined ? 'a whole number' : `a whole number of ${unit}`
  return described(Type.Integer({ minimum, maximum }), `${words} from ${minimum} to ${maximum}`)
}

function isDescribed<Schema extends TSchema>(schema: Schema): schema is Schema & { says: Description } {
  return 'says' in schema
}
