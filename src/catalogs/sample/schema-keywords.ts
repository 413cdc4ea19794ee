/** The types a schema may name. */
export type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

/** The keywords that bound a text or a number. */
export interface ValueKeywords {
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

/** Looks up a keyword of a schema. */
type ReadKeyword = (key: string) => unknown

const typeNames = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const
const types: ReadonlyMap<unknown, SchemaType> = new Map(typeNames.map((name) => [name, name]))

// The generator looks a format up on a plain object, where a name such as `constructor` finds what is no format.
const formats: ReadonlySet<unknown> = new Set(
  'date date-time email hostname ipv4 ipv6 time uri uri-reference uuid float double'.split(' '),
)

const MAX_LENGTH = 200

/** The type that a schema names, of several the first but null; else the one that its keywords belong to. */
export function readType(read: ReadKeyword): SchemaType | undefined {
  const declared = read('type')
  const named = (Array.isArray(declared) ? declared : [declared]).flatMap((name: unknown) => types.get(name) ?? [])
  const [type] = [...named.filter((name) => name !== 'null'), ...named]
  if (type !== undefined) return type
  if (read('properties') !== undefined || read('additionalProperties') !== undefined) return 'object'
  return read('items') !== undefined || read('prefixItems') !== undefined ? 'array' : undefined
}

/** The keywords of a schema that bound a text or a number, as far as they make sense. */
export function readValueKeywords(read: ReadKeyword): ValueKeywords {
  const format = read('format')
  if (typeof format === 'string' && formats.has(format)) return { format, ...readNumbers(read) }
  return { ...readNumbers(read), ...readLengths(read) }
}

function readNumbers(read: ReadKeyword): ValueKeywords {
  return pick(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], read, Number.isFinite)
}

function readLengths(read: ReadKeyword): ValueKeywords {
  const isLength = (value: number): boolean => Number.isInteger(value) && value >= 0
  const lengths = pick(['minLength', 'maxLength'], read, isLength)
  return Object.fromEntries(Object.entries(lengths).map(([key, length]) => [key, Math.min(length, MAX_LENGTH)]))
}

function pick(
  keys: readonly string[],
  read: ReadKeyword,
  isUsable: (value: number) => boolean,
): Record<string, number> {
  const found: [string, number][] = []
  for (const key of keys) {
    const value = read(key)
    if (typeof value === 'number' && isUsable(value)) found.push([key, value])
  }
  return Object.fromEntries(found)
}
