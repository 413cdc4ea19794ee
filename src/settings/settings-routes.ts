import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { JsonPatch } from '../http/json-patch.ts'
import { changeSettings, patchOfAll } from './patch-settings.ts'
import { Settings } from './schemas.ts'
import type { SettingsRouteOptions } from './settings-services.ts'

const Forced = Type.Object({ force: Type.Optional(Type.Enum(['true', 'false'])) })
const errors = errorResponses(400, 401, 403, 404, 429)

/** All settings of a tenant in one place: ISC's, and those that are ours. */
export async function settingsRoutes(
  app: FastifyInstance,
  { changes, contextOf }: SettingsRouteOptions,
): Promise<void> {
  app.get(
    '/sallyport/v1/settings',
    {
      schema: {
        operationId: 'getSettings',
        summary: 'All settings of the tenant',
        ...demand('read'),
        response: { 200: Settings, ...errors },
      },
    },
    async ({ raw }) => visitOf(raw).site.tenant.settings,
  )

  app.patch<{ Body: JsonPatch; Querystring: { force?: 'true' | 'false' } }>(
    '/sallyport/v1/settings',
    {
      schema: {
        operationId: 'patchSettings',
        summary: 'Change settings of the tenant',
        description: 'What is removed has its default again. `force=true` lets a network rule keep its own author out.',
        ...demand('manage'),
        body: JsonPatch,
        querystring: Forced,
        response: { 200: Settings, ...errors },
      },
    },
    async (request) => {
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      const change = patchOfAll(request.body)
      return changeSettings(changes, ctx, { change, isForced: request.query.force === 'true' })
    },
  )
}

const demand = (right: 'read' | 'manage') => ({
  security: [{ userAuth: [`sallyport:settings:${right}`] }, { applicationAuth: [`sallyport:settings:${right}`] }],
  'x-sailpoint-userLevels': ['ORG_ADMIN'],
})
