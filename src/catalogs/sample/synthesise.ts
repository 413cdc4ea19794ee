import { sample } from 'openapi-sampler'
import type { JsonObject } from '../document/json-object.ts'
import { boundSchema } from './bound-schema.ts'

/** A value that fits a schema of the document, always the same one; `{}` where the schema says nothing. */
export function synthesise(document: JsonObject, schema: unknown): unknown {
  const bounded = boundSchema(document, schema)
  if (bounded === undefined) return {}
  // Its type of a schema says what `const` may be; ours comes from a parsed document, so it is JSON.
  const samplerSchema = bounded as Parameters<typeof sample>[0]
  return sample(samplerSchema, { quiet: true, skipWriteOnly: true }) ?? {}
}
