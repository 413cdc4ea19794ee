import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

type BuildValidators = ReturnType<typeof AjvCompiler>

/** What comes is judged as it is: nothing is made a number, and what is not declared is refused rather than dropped. */
export const validation = {
  customOptions: { removeAdditional: false, coerceTypes: false, validateSchema: false },
} as const

/**
 * Fastify's own validators, but each is compiled when the first request comes to its route: compiled at the start they
 * took a third of it. Where two routes share a schema, as the layouts of an operation do, they share its validator.
 *
 * With validators from here Fastify no longer writes the headers of a schema in lower case, in which they reach us
 * (RFC 9110 §5.1): a route that declares headers is refused at the start.
 */
export function lateValidators(): BuildValidators {
  const build = AjvCompiler()
  return (namedSchemas, options) => {
    const compile = build(namedSchemas, options) as unknown as FastifySchemaCompiler<unknown> // its types are of ajv's
    const late: FastifySchemaCompiler<unknown> = (route) => {
      if (route.httpPart === 'headers') throw new Error(`${route.method} ${route.url} declares headers`)
      let validate: ReturnType<typeof compile> | undefined
      return (data) => {
        validate ??= compile(route)
        return validate(data) === true || { error: validate.errors ?? [] }
      }
    }
    return late as unknown as ReturnType<BuildValidators>
  }
}
