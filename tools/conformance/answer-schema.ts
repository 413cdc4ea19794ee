import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { Document, Operation, PublishedResponse } from './published.ts'

type Json = Readonly<Record<string, unknown>>

/** Tells what is wrong with an answer; undefined when nothing is. */
export type AnswerCheck = (operation: Operation, status: number, body: unknown) => string | undefined

/** Checks answers against the schemas of an OpenAPI 3.0 document. */
export function answerCheck(document: Document): AnswerCheck {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  // The plugin's types are those of a CommonJS module.
  const addFormats = formats as unknown as (target: Ajv) => void
  addFormats(ajv)
  ajv.addSchema({ $id: 'published', components: asJsonSchema(document.components) as Json })
  return (operation, status, body) => {
    const declared = resolved(document, operation.responses[String(status)])
    if (declared === undefined)
      return `answers ${status}, which is not declared: ${JSON.stringify(body)?.slice(0, 300)}`
    const schema = declared.content?.['application/json']?.schema
    if (schema === undefined) return undefined
    const check = ajv.compile(absolute(asJsonSchema(schema)) as Json)
    if (check(body)) return undefined
    return ajv.errorsText(check.errors, { dataVar: 'answer' }).slice(0, 600)
  }
}

/** A response may stand among the components; of several operations most do. */
function resolved({ components }: Document, response: PublishedResponse | undefined): PublishedResponse | undefined {
  const [, name] = /^#\/components\/responses\/(.+)$/.exec(response?.$ref ?? '') ?? []
  return name === undefined ? response : components.responses?.[name]
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has the type null. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, example: _example, ...rest } = schema as Json
  const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)]))
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain
}

/** References of a schema that stands by itself, to the components of its document. */
function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'published#') : absolute(value),
    ]),
  )
}
