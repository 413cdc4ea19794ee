import type { FastifyInstance } from 'fastify'
import { authOrgRoutes } from './auth-org-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import type { SettingsRouteOptions } from './settings-services.ts'

/** What a tenant's administrators set. */
export async function allSettingsRoutes(app: FastifyInstance, options: SettingsRouteOptions): Promise<void> {
  await app.register(authOrgRoutes, options)
  await app.register(settingsRoutes, options)
}
