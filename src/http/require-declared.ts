import type { FastifyInstance, preSerializationHookHandler } from 'fastify'

/**
 * Refuses, at start, a route that does not declare its operation id, its security and its answers, and, at run time, an
 * answer with an undeclared status: unknown members are dropped only where a schema stands, so an undeclared answer
 * may carry a secret out.
 */
export function requireDeclared(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { method, url, schema, preSerialization = [] } = route
    const { operationId, response, security } = schema ?? {}
    if (method !== 'HEAD' && (!operationId || !response || !security))
      throw new Error(`${String(method)} ${url} declares no operationId, security or response`)
    route.preSerialization = [refuseUndeclared(response), preSerialization].flat()
  })
}

function refuseUndeclared(response: unknown): preSerializationHookHandler {
  const declared = new Set(Object.keys(response ?? {}).map(Number))
  return (_request, { statusCode }, payload, done) => {
    if (statusCode >= 500 || declared.has(statusCode)) done(null, payload)
    else done(new Error(`status ${statusCode} is not declared`))
  }
}

declare module 'fastify' {
  /** What a route declares in OpenAPI's words: documentation and policy in one. */
  interface FastifySchema {
    operationId?: string
    summary?: string
    description?: string
    deprecated?: boolean
    security?: readonly Record<string, readonly string[]>[]
    'x-sailpoint-userLevels'?: readonly string[]
    /** Callers must send `X-SailPoint-Experimental: true`. */
    'x-experimental'?: boolean
  }
}
