import type { FastifyInstance } from 'fastify'
import { authUserRoutes } from './auth-users/routes.ts'
import { identityRoutes } from './identities/routes.ts'
import type { PeopleRouteOptions } from './plugin.ts'
import { publicIdentityRoutes } from './public-identities/routes.ts'

/** Everything about the people and machines of a tenant. */
export async function peopleRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  for (const routes of [identityRoutes, publicIdentityRoutes, authUserRoutes]) await app.register(routes, options)
}
