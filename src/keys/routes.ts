import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { RequestContext } from '../request-context.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface KeyRouteOptions {
  accessKeys: SigningKeys
  contextKeys: SigningKeys
  contextOf: (request: FastifyRequest) => RequestContext
}

const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      crv: Type.String(),
      x: Type.String(),
      y: Type.String(),
      kid: Type.String(),
      use: Type.String(),
      alg: Type.String(),
    }),
  ),
})
const MAX_AGE = 'public, max-age=300'

/** The public keys of a tenant (RFC 7517 §5): of access tokens, and of the context header that upstreams get. */
export async function keyRoutes(
  app: FastifyInstance,
  { accessKeys, contextKeys, contextOf }: KeyRouteOptions,
): Promise<void> {
  const serve = (url: string, operationId: string, { keys, summary }: { keys: SigningKeys; summary: string }): void => {
    app.get(
      url,
      { schema: { operationId, summary, security: [{}], response: { 200: Jwks } } },
      async (request, reply) => {
        const ring = await keys.ringOf(contextOf(request))
        return reply.header('cache-control', MAX_AGE).send(ring.jwks)
      },
    )
  }
  serve('/oauth/jwks', 'getJwks', { keys: accessKeys, summary: 'Public keys of access tokens' })
  serve('/oauth/context-jwks', 'getContextJwks', {
    keys: contextKeys,
    summary: 'Public keys of the Sallyport-Context header',
  })
}
