import type { FastifyInstance } from 'fastify'
import { errorResponses } from '../../http/isc-error-response.ts'
import { iscRoute } from '../../http/isc-routes.ts'
import { localeOf } from '../../http/locale.ts'
import { signInTexts } from '../../sign-in/texts/in-language.ts'
import { actingOf, type PeopleRouteOptions } from '../plugin.ts'
import { invitePeople } from './invite-people.ts'
import { invitationTask } from './invitation-task.ts'
import { DoneTask, InviteBody } from './schemas.ts'

const userLevels = ['ORG_ADMIN', 'HELPDESK']

/** Inviting people as ISC's clients do, many at once. */
export async function invitationRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<{ Body: InviteBody }>(app, {
    method: 'POST',
    path: '/identities/invite',
    versions: ['beta', 'v2024', 'v2025', 'v2026', 'v1'],
    operationId: 'startIdentitiesInvite',
    summary: 'Mail people a link to choose a password by',
    access: (version) =>
      version === 'beta'
        ? { user: ['sp:scopes:all'], userLevels }
        : { user: ['idn:password-user-invite:manage'], userLevels, experimental: true },
    schema: { body: InviteBody, response: { 202: DoneTask, ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request, reply) => {
      const acting = actingOf(options, request)
      const texts = signInTexts(localeOf(request.headers['accept-language']))
      const invited = await invitePeople(options.services, acting, { body: request.body, texts })
      return reply.code(202).send(invitationTask(acting, invited))
    },
  })
}
