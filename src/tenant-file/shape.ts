import { type TArray, type TObject, type TRecord, type TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import { nearestWord, suggestion } from '../config/nearest-word.ts'
import { descriptionOf } from './described.ts'
import type { Path } from './lines.ts'

const MAX_UNKNOWN_KEYS = 20 // of one mapping: a guess at what was meant takes time

/** Something wrong at a path; the message completes "<path>: ...". */
export interface Mistake {
  readonly path: Path
  readonly message: string
}

/**
 * Every way in which a value does not fit a schema, in plain words. It walks the schema itself, because a validator's
 * own errors stop at a fixed number and speak of every branch of a union.
 */
export function mistakesOf(schema: TSchema, value: unknown, path: Path = []): Mistake[] {
  if (value === null) return [{ path, message: 'is empty; give it a value, or remove the line' }]
  if (Type.IsUnion(schema)) return mistakesOf(memberFor(schema.anyOf, value), value, path)
  if (Type.IsObject(schema))
    return isMapping(value) ? tableMistakes(schema, value, path) : [misfit(schema, value, path)]
  if (Type.IsRecord(schema))
    return isMapping(value) ? recordMistakes(schema, value, path) : [misfit(schema, value, path)]
  if (Type.IsArray(schema))
    return Array.isArray(value) ? listMistakes(schema, value, path) : [misfit(schema, value, path)]
  const problem = typeof value === 'string' ? descriptionOf(schema)?.check?.(value) : undefined
  if (problem !== undefined) return [{ path, message: problem }]
  return Check(schema, value) ? [] : [misfit(schema, value, path)]
}

function tableMistakes({ properties }: TObject, value: Record<string, unknown>, path: Path): Mistake[] {
  const names = Object.keys(properties)
  const unknown = Object.keys(value)
    .filter((key) => !Object.hasOwn(properties, key))
    .slice(0, MAX_UNKNOWN_KEYS)
    .map((key) => unknownKey(key, value[key], names, path))
  const known = Object.entries(properties).flatMap(([key, schema]) => {
    if (Object.hasOwn(value, key)) return mistakesOf(schema, value[key], [...path, key])
    return Type.IsOptional(schema) ? [] : [{ path, message: `needs the key ${key}` }]
  })
  return [...unknown, ...known]
}

// In `{ password: one,two }` the comma makes a key of `two`: half a password must not be repeated.
function unknownKey(key: string, value: unknown, names: readonly string[], path: Path): Mistake {
  if (value !== null) return { path: [...path, key], message: `is not a known key; ${suggestion(key, names)}` }
  return { path, message: 'has an unknown key without a value; put text that has a comma in quotes' }
}

function recordMistakes(schema: TRecord, value: Record<string, unknown>, path: Path): Mistake[] {
  const key = Type.String({ pattern: Type.RecordPattern(schema) })
  const item = Type.RecordValue(schema)
  return Object.entries(value).flatMap(([name, entry]) => {
    const nameMistakes = Check(key, name)
      ? []
      : [{ path: [...path, name], message: 'is not a name that can stand here' }]
    return [...nameMistakes, ...mistakesOf(item, entry, [...path, name])]
  })
}

function listMistakes(schema: TArray, value: unknown[], path: Path): Mistake[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = limitsOf(schema)
  if (value.length < minItems || value.length > maxItems) return [misfit(schema, value, path)]
  return value.flatMap((item, index) => mistakesOf(schema.items, item, [...path, index]))
}

// TypeBox keeps the limits on the schema but not in its type.
function limitsOf(schema: TArray & { minItems?: number; maxItems?: number }): { minItems?: number; maxItems?: number } {
  return schema
}

function misfit(schema: TSchema, value: unknown, path: Path): Mistake {
  const words = descriptionOf(schema)?.words ?? 'a mapping of names to values'
  return { path, message: `must be ${words}${hint(schema, value)}` }
}

function hint(schema: TSchema, value: unknown): string {
  if (Type.IsString(schema) && (typeof value === 'number' || typeof value === 'boolean')) {
    return `; it reads as a ${typeof value === 'number' ? 'number' : 'switch'}, so put it in quotes`
  }
  if (!Type.IsEnum(schema) || typeof value !== 'string') return ''
  const nearest = nearestWord(value, schema.enum.map(String))
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

function memberFor(members: readonly TSchema[], value: unknown): TSchema {
  const isTable = isMapping(value)
  return members.find((member) => Type.IsObject(member) === isTable) ?? Type.Never()
}

/** Is this a plain object, as parsing makes of a mapping? */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
