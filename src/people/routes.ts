import type { FastifyInstance } from 'fastify'
import { accountRoutes } from './accounts/routes.ts'
import { authUserRoutes } from './auth-users/routes.ts'
import { holderRoutes } from './holders/routes.ts'
import { identityRoutes } from './identities/routes.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { lifecycleOfIdentities } from './lifecycle/routes.ts'
import { ownershipRoutes } from './ownership/routes.ts'
import type { PeopleRouteOptions } from './plugin.ts'
import { publicIdentityRoutes } from './public-identities/routes.ts'
import { customLevelRoutes } from './user-levels/routes.ts'

/** Everything about the people and machines of a tenant. */
export async function peopleRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  await app.register(identityRoutes, options)
  await app.register(invitationRoutes, options)
  await app.register(lifecycleOfIdentities, options)
  await app.register(ownershipRoutes, options)
  await app.register(publicIdentityRoutes, options)
  await app.register(authUserRoutes, options)
  await app.register(customLevelRoutes, options)
  await app.register(holderRoutes, options)
  await app.register(accountRoutes, options)
}
