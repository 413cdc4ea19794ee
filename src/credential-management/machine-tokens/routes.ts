import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../../admission/plugin.ts'
import { visitOf } from '../../front-door/visit.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { MANAGE_CREDENTIALS } from '../../inventory/credential.ts'
import { issueForMachine } from '../../personal-access-tokens/issue-for-machine.ts'
import type { AskedToken } from '../../personal-access-tokens/issue.ts'
import { expiryRuleOf, representNewToken } from '../../personal-access-tokens/representation.ts'
import { createBodyIn, NewTokenBody } from '../personal-access-tokens/schemas.ts'
import type { CredentialRouteOptions } from '../services.ts'

/** The rules and the body are those of this version of ISC's API, which has nothing for machines. */
const VERSION = 'v2025'

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

/** Personal access tokens that an administrator makes for machines. */
export async function machineTokenRoutes(
  app: FastifyInstance,
  { services: { secretsKey }, contextOf }: CredentialRouteOptions,
): Promise<void> {
  app.post<{ Params: { id: string }; Body: AskedToken }>(
    '/sallyport/v1/identities/:id/personal-access-tokens',
    {
      schema: {
        operationId: 'createMachinePersonalAccessToken',
        summary: 'Make a personal access token for a machine; its secret is shown this once',
        security: [{ userAuth: [MANAGE_CREDENTIALS] }],
        'x-sailpoint-userLevels': ['ORG_ADMIN'],
        params: ById,
        body: createBodyIn(VERSION),
        response: { 201: NewTokenBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      const visit = visitOf(request.raw)
      const caller = callerOf(request)
      const { token, secret } = await issueForMachine(
        contextOf(visit, actorOf(caller)),
        { ...request.body, machineId: request.params.id },
        {
          caller,
          rule: expiryRuleOf(VERSION),
          perOwnerMax: visit.site.tenant.settings.tokens.personalAccessTokensPerUser,
          secretsKey,
        },
      )
      return reply.code(201).send(representNewToken(token, secret))
    },
  )
}
