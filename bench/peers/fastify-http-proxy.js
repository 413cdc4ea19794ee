import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import { importJWK, jwtVerify } from 'jose'
import { readSettings } from './settings.js'

/** A proxy that checks the signature of every bearer with jose, and nothing more. */
const { port, origin, upstream, jwk } = readSettings()
const key = await importJWK(jwk, 'ES256')
const app = Fastify()

await app.register(httpProxy, {
  upstream,
  preHandler: async (request, reply) => {
    try {
      await jwtVerify((request.headers.authorization ?? '').slice('Bearer '.length), key, { algorithms: ['ES256'] })
    } catch {
      return reply.code(401).send()
    }
  },
})
await app.listen({ port, host: '127.0.0.1' })
console.log(`Peer is ready on ${origin}`)
