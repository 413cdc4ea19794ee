import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type BuildSerializers = ReturnType<typeof SerializerSelector>
type Serialize = (data: unknown) => string

/**
 * Fastify's own serializers, but each is compiled when it first has something to write: most of the thousand answers
 * that our routes declare are never given, and compiled at the start they would take as much memory as our own code.
 * Answers of the same schema, such as every route's refusals, share one serializer.
 *
 * A schema must stand for itself: what it refers to by name could be another thing in another scope.
 */
export function lateSerializers(): BuildSerializers {
  const build = SerializerSelector()
  const made = new WeakMap<object, Serialize>()
  return (namedSchemas = {}, options) => {
    if (Object.keys(namedSchemas as object).length > 0) throw new Error('serializers know no schema by name')
    const compile = build(namedSchemas, options)
    return (route) => {
      const schema = route.schema as object
      return (data) => made.getOrInsertComputed(schema, () => compile(route))(data)
    }
  }
}
