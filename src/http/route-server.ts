import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { iscErrorBody, iscTexts } from './isc-error.ts'
import { renderIscError } from './isc-error-response.ts'
import { lateSerializers } from './late-serializers.ts'
import { lateValidators, validation } from './late-validators.ts'
import { requireDeclared } from './require-declared.ts'
import { answerUnreadable } from './unreadable-request.ts'

export interface RouteServerOptions {
  log: FastifyBaseLogger
  trackingIdOf: (request: IncomingMessage) => string
  /** Makes the server that listens; it is given what serves our own routes. */
  serverFactory: FastifyServerFactory
}

const BODY_BYTES_MAX = 256 * 1024

// Of the process, so that what was compiled for one server serves the next one too.
const compilersFactory = { buildValidator: lateValidators(), buildSerializer: lateSerializers() }

/**
 * Fastify as our own routes have it: each declares what it takes and answers, an error is told in ISC's words, and
 * every answer names its request.
 */
export function routeServer({ log, trackingIdOf, serverFactory }: RouteServerOptions): FastifyInstance {
  const server: FastifyInstance = Fastify({
    loggerInstance: log.child({}, { level: atLeastWarn(log.level) }),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    genReqId: trackingIdOf,
    schemaController: { compilersFactory },
    ajv: validation,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    serverFactory,
  })
  requireDeclared(server)
  server.setErrorHandler(renderIscError)
  server.setNotFoundHandler((request, reply) => {
    const acceptLanguage = request.headers['accept-language']
    reply.code(404).send(iscErrorBody({ status: 404, text: iscTexts.notFound, trackingId: request.id, acceptLanguage }))
  })
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('slpt-request-id', request.id)
    done(null, payload)
  })
  return server
}

/** The framework's own chatter is not for operators; what it warns of is. */
const atLeastWarn = (level: string): string => (['trace', 'debug', 'info'].includes(level) ? 'warn' : level)
