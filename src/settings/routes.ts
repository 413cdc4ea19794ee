import type { FastifyInstance } from 'fastify'
import { authOrgRoutes } from './auth-org-routes.ts'
import { authProfileRoutes } from './auth-profile-routes.ts'
import { serviceProviderRoutes } from './service-provider-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import type { SettingsRouteOptions } from './settings-services.ts'
import { tenantSettingsRoutes } from './tenant-routes.ts'

/** What a tenant's administrators set. */
export async function allSettingsRoutes(app: FastifyInstance, options: SettingsRouteOptions): Promise<void> {
  await app.register(authOrgRoutes, options)
  await app.register(serviceProviderRoutes, options)
  await app.register(authProfileRoutes, options)
  await app.register(tenantSettingsRoutes, options)
  await app.register(settingsRoutes, options)
}
