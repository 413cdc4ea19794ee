import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { errorResponses } from '../http/isc-error-response.ts'

const packaged = new URL('static/', import.meta.resolve('@fastify/swagger-ui'))
const ours = new URL('pages/', import.meta.url)

/** What the page is made of; the browser gets no other file, and none from elsewhere. */
const files: Readonly<Record<string, { from: URL; type: string }>> = {
  'swagger-ui.css': { from: packaged, type: 'text/css' },
  'swagger-ui-bundle.js': { from: packaged, type: 'text/javascript' },
  'swagger-ui-standalone-preset.js': { from: packaged, type: 'text/javascript' },
  'oauth2-redirect.html': { from: packaged, type: 'text/html' },
  'oauth2-redirect.js': { from: packaged, type: 'text/javascript' },
  'start.js': { from: ours, type: 'text/javascript' },
  'docs.css': { from: ours, type: 'text/css' },
}

const File = Type.Object({ file: Type.String({ maxLength: 64 }) })

/** The reference to look around in and try out: Swagger UI, served from here alone. */
export async function referencePagesRoutes(app: FastifyInstance): Promise<void> {
  app.get(
    '/sallyport/v1/docs',
    {
      schema: {
        operationId: 'getReferencePage',
        summary: 'The API reference, to look around in and try out',
        security: [{}],
        response: { 200: { content: { 'text/html': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => protect(reply, 'text/html').send(await readFile(new URL('docs.html', ours), 'utf8')),
  )

  app.get<{ Params: { file: string } }>(
    '/sallyport/v1/docs/:file',
    {
      schema: {
        operationId: 'getReferencePageFile',
        summary: 'A file of that page',
        security: [{}],
        params: File,
        response: { 200: { content: { '*/*': { schema: Type.String() } } }, ...errorResponses(404) },
      },
    },
    async ({ params }, reply) => {
      const file = Object.hasOwn(files, params.file) ? files[params.file] : undefined
      if (!file) throw new DomainError('not_found', 'The page has no such file.')
      return protect(reply, file.type).send(await readFile(new URL(params.file, file.from)))
    },
  )
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI brings one style element of its own, which is known by its digest.
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const protect = (reply: FastifyReply, type: string): FastifyReply =>
  reply.headers({
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  })
