import type { FastifyInstance } from 'fastify'

/**
 * Refuses, at start, a route that does not declare its operation id, its security and its answers, and, at run time, an
 * answer with an undeclared status: unknown members are dropped only where a schema stands, so an undeclared answer
 * may carry a secret out.
 */
export function requireDeclared(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, schema }) => {
    const { operationId, response, security } = schema ?? {}
    if (method !== 'HEAD' && (!operationId || !response || !security))
      throw new Error(`${String(method)} ${url} declares no operationId, security or response`)
  })
  app.addHook('preSerialization', async (request, reply, payload) => {
    const declared = request.routeOptions.schema?.response as Record<string, unknown> | undefined
    if (reply.statusCode < 500 && !(declared && String(reply.statusCode) in declared))
      throw new Error(`status ${reply.statusCode} is not declared`)
    return payload
  })
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
