import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type BuildSerializers = ReturnType<typeof SerializerSelector>

/**
 * Fastify's own serializers, but each is compiled when it first has something to write: most of the thousand answers
 * that our routes declare are never given, and compiled at the start they would take as much memory as our own code.
 */
export function lateSerializers(): BuildSerializers {
  const build = SerializerSelector()
  return (externalSchemas, options) => {
    const compile = build(externalSchemas, options)
    return (route) => {
      let serialize: ReturnType<typeof compile> | undefined
      return (data) => (serialize ??= compile(route))(data)
    }
  }
}
