import { isJsonObject, type JsonObject, own, ownList } from '../document/json-object.ts'
import { followReferences } from '../document/json-pointer.ts'
import { weigh } from '../document/weigh.ts'
import { readType, readValueKeywords, type SchemaType, type ValueKeywords } from './schema-keywords.ts'

/** A schema without references, of known keywords and of bounded size: safe to hand to a generator. */
export interface BoundedSchema extends ValueKeywords {
  readonly type?: SchemaType
  /** The value itself, where the document gives an example of it. */
  readonly const?: unknown
  readonly writeOnly?: true
  readonly properties?: Record<string, BoundedSchema>
  readonly items?: BoundedSchema
  readonly allOf?: BoundedSchema[]
  readonly oneOf?: BoundedSchema[]
}

/** Where in the schema we are. Members of one schema draw on one budget, so that no fan-out of references exceeds it. */
interface Place {
  readonly document: JsonObject
  readonly budget: { left: number }
  readonly trail: readonly JsonObject[]
}

/** A schema and, behind it, what its `$ref` stands for: the first that has a keyword decides. */
type Layers = readonly JsonObject[]

const MAX_WEIGHT = 512 * 1024
const MAX_DEPTH = 12
const SCHEMA_WEIGHT = 64
const MAX_PARTS = 20

/** Bounds a schema of a document; undefined where it leads to nothing in that document. */
export function boundSchema(document: JsonObject, schema: unknown): BoundedSchema | undefined {
  return bound(schema, { document, budget: { left: MAX_WEIGHT }, trail: [] })
}

function bound(schema: unknown, place: Place): BoundedSchema | undefined {
  if (schema === true) return {}
  const layers = readLayers(schema, place)
  place.budget.left -= SCHEMA_WEIGHT
  if (layers === undefined || place.budget.left < 0 || place.trail.length === MAX_DEPTH) return undefined
  const example = findExample(layers, place.budget)
  const inside = { ...place, trail: [...place.trail, ...layers.slice(-1)] }
  const bounded = example === undefined ? boundShape(layers, inside) : { const: example }
  return keyword(layers, 'writeOnly') === true ? { ...bounded, writeOnly: true } : bounded
}

function readLayers(schema: unknown, { document, trail }: Place): Layers | undefined {
  const target = followReferences(document, schema)
  if (!isJsonObject(schema) || !isJsonObject(target) || trail.includes(target)) return undefined
  return schema === target ? [schema] : [schema, target]
}

function keyword(layers: Layers, key: string): unknown {
  return layers.map((layer) => own(layer, key)).find((value) => value !== undefined)
}

/** A default that is null, a list or an object says what is there when nothing is, which makes a poor example. */
function findExample(layers: Layers, budget: Place['budget']): unknown {
  const byDefault = keyword(layers, 'default')
  const candidates = [
    keyword(layers, 'example'),
    keyword(layers, 'const'),
    layers.flatMap((layer) => ownList(layer, 'examples').slice(0, 1))[0],
    layers.flatMap((layer) => ownList(layer, 'enum').slice(0, 1))[0],
    typeof byDefault === 'object' ? undefined : byDefault,
  ]
  const example = candidates.find((candidate) => candidate !== undefined)
  const weight = weigh(example, { maxDepth: 100, maxWeight: budget.left })
  if (example === undefined || weight === Infinity) return undefined
  budget.left -= weight
  return example
}

/** The generator merges the parts of allOf only where all are of one type. */
function boundShape(layers: Layers, place: Place): BoundedSchema {
  const parts = boundEach(keyword(layers, 'allOf'), place)
  const oneOf = findChoice(layers, place)
  const type = readType((key) => keyword(layers, key)) ?? [...parts, ...oneOf].map(typeOf).find((found) => found)
  const allOf = parts.filter((part) => typeOf(part) === type)
  return {
    ...(type === undefined ? {} : { type, ...boundContent(type, layers, place) }),
    ...(allOf.length === 0 ? {} : { allOf }),
    ...(oneOf.length === 0 ? {} : { oneOf }),
  }
}

function boundContent(type: SchemaType, layers: Layers, place: Place): BoundedSchema {
  if (type === 'object') return { properties: boundProperties(layers, place) }
  if (type !== 'array') return readValueKeywords((key) => keyword(layers, key))
  const [first] = layers.flatMap((layer) => ownList(layer, 'prefixItems').slice(0, 1))
  const items = bound(first ?? keyword(layers, 'items'), place)
  return items === undefined ? {} : { items }
}

function boundProperties(layers: Layers, place: Place): Record<string, BoundedSchema> {
  const properties = new Map<string, BoundedSchema>()
  const declared = keyword(layers, 'properties')
  const members = isJsonObject(declared) ? declared : { property1: keyword(layers, 'additionalProperties') }
  for (const name of Object.keys(members)) {
    place.budget.left -= name.length
    if (place.budget.left < 0) break
    const property = bound(own(members, name), place)
    // The generator assigns members by name, and this name would set the prototype.
    if (property !== undefined && name !== '__proto__') properties.set(name, property)
  }
  return Object.fromEntries(properties)
}

/** The first alternative that is something, rather than null or a reference to nothing. */
function findChoice(layers: Layers, place: Place): BoundedSchema[] {
  const alternatives = boundEach(keyword(layers, 'oneOf') ?? keyword(layers, 'anyOf'), place)
  return alternatives.filter((alternative) => typeOf(alternative) !== 'null').slice(0, 1)
}

function boundEach(schemas: unknown, place: Place): BoundedSchema[] {
  if (!Array.isArray(schemas)) return []
  return schemas.slice(0, MAX_PARTS).flatMap((schema: unknown) => bound(schema, place) ?? [])
}

function typeOf(schema: BoundedSchema): SchemaType | undefined {
  if (schema.const === undefined) return schema.type
  if (Array.isArray(schema.const)) return 'array'
  return schema.const === null ? 'null' : readType(() => typeof schema.const)
}
