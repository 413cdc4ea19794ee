import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf, callerOf } from '../../admission/plugin.ts'
import { visitOf } from '../../front-door/visit.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { NullableText } from '../../http/nullable.ts'
import { MANAGE_CREDENTIALS, READ_CREDENTIALS, requireCredential } from '../../inventory/credential.ts'
import { type CredentialRouteOptions, settle } from '../services.ts'
import { listSecrets } from './list.ts'
import { retireCredentialSecret } from './retire.ts'
import { rotateSecret } from './rotate.ts'
import { OWN_SECRETS } from './secret.ts'

const DAY_SECONDS = 86_400
const OVERLAP_DAYS_MAX = 7

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
const BySecret = Type.Object({ ...ById.properties, secretId: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const Overlap = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: OVERLAP_DAYS_MAX * DAY_SECONDS, description: 'A day if left out.' }),
    ),
  },
  { additionalProperties: false },
)
const Compromised = Type.Object(
  { compromised: Type.Optional(Type.Enum(['true', 'false'])) },
  { additionalProperties: false },
)
const SecretBody = Type.Object({
  id: Type.String(),
  state: Type.String(),
  createdAt: Type.String(),
  lastUsedAt: NullableText,
  retiresAt: NullableText,
})
const RotatedBody = Type.Object({
  clientId: Type.String(),
  secretId: Type.String(),
  secret: Type.String(),
  createdAt: Type.String(),
  previousRetiresAt: NullableText,
})

/** The secrets of a credential: rotate with an overlap, see which is still used, retire the old one. */
export async function secretRoutes(app: FastifyInstance, options: CredentialRouteOptions): Promise<void> {
  const { services } = options
  const contextFor = (request: FastifyRequest) => options.contextOf(visitOf(request.raw), actorOf(callerOf(request)))
  const credentialFor = (request: FastifyRequest, id: string, scope: string) =>
    requireCredential(services, contextFor(request), { caller: callerOf(request), id, scope, ownScope: OWN_SECRETS })

  app.get<{ Params: Static<typeof ById> }>(
    '/sallyport/v1/credentials/:id/secrets',
    {
      schema: {
        operationId: 'listCredentialSecrets',
        summary: 'The secrets of a credential without their values: when made, when used last, when they end',
        security: [{ anyToken: [] }],
        params: ById,
        response: { 200: Type.Array(SecretBody), ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request) => {
      const { id } = await credentialFor(request, request.params.id, READ_CREDENTIALS)
      await services.uses.flush()
      return listSecrets(contextFor(request), id)
    },
  )

  app.post<{ Params: Static<typeof ById>; Body: Static<typeof Overlap> | undefined }>(
    '/sallyport/v1/credentials/:id/secrets',
    {
      schema: {
        operationId: 'rotateCredentialSecret',
        summary: 'Give a credential a new secret, shown this once; the one before goes on for a while',
        security: [{ userAuth: [MANAGE_CREDENTIALS, OWN_SECRETS] }],
        params: ById,
        body: Type.Union([Overlap, Type.Null()]),
        response: { 200: RotatedBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request) => {
      const credential = await credentialFor(request, request.params.id, MANAGE_CREDENTIALS)
      const { overlapSeconds = DAY_SECONDS } = request.body ?? {}
      const by = { caller: callerOf(request), secretsKey: services.secretsKey }
      const rotated = await rotateSecret(contextFor(request), { credential, overlapSeconds, ...by })
      await settle(options)
      return rotated
    },
  )

  app.delete<{ Params: Static<typeof BySecret>; Querystring: Static<typeof Compromised> }>(
    '/sallyport/v1/credentials/:id/secrets/:secretId',
    {
      schema: {
        operationId: 'retireCredentialSecret',
        summary: 'End a secret at once; with compromised=true the live tokens of its credential too',
        security: [{ userAuth: [MANAGE_CREDENTIALS, OWN_SECRETS] }],
        params: BySecret,
        querystring: Compromised,
        response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      const { id, secretId } = request.params
      const credential = await credentialFor(request, id, MANAGE_CREDENTIALS)
      const isCompromised = request.query.compromised === 'true'
      await retireCredentialSecret(contextFor(request), { credential, secretId, isCompromised })
      await settle(options)
      return reply.code(204).send(null)
    },
  )
}
