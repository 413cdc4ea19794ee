import { errorShapes } from '../http/isc-error-response.ts'

/** A schema as a document has it; TypeBox's are the same once written as JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The bodies of errors, told once and referred to. */
export const errorSchemas: JsonSchema = JSON.parse(JSON.stringify(errorShapes)) as JsonSchema

const names = new Map(Object.entries(errorSchemas).map(([name, schema]) => [JSON.stringify(schema), name]))

/** A schema to stand in the document: a reference where it is one of the errors. */
export function schemaOf(declared: unknown): JsonSchema {
  const written = JSON.stringify(declared)
  const name = names.get(written)
  return name === undefined ? (JSON.parse(written) as JsonSchema) : { $ref: `#/components/schemas/${name}` }
}

/** The members of an object's schema, with whether each is required. */
export function membersOf(declared: unknown): { name: string; isRequired: boolean; schema: JsonSchema }[] {
  if (!isObject(declared)) return []
  const schema = schemaOf(declared)
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  return Object.entries(properties).map(([name, member]) => ({
    name,
    isRequired: required.includes(name),
    schema: isObject(member) ? member : {},
  }))
}
