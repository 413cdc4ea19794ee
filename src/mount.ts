import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AdmissionListener } from './admission/admit.ts'
import { actorOf, callerOf, guardRoutes } from './admission/plugin.ts'
import type { RefusalListener } from './admission/refusal.ts'
import { tokenReader } from './admission/token-reader.ts'
import { referenceRoutes } from './api-reference/routes.ts'
import { auditEventRoutes } from './audit-events/routes.ts'
import { authorizeRoutes } from './authorize/routes.ts'
import type { DeclaredRoute } from './catalogs/built-in.ts'
import { catalogRoutes } from './catalogs/routes.ts'
import type { ChangeLog } from './change-log/change-log.ts'
import { machineTokenRoutes } from './credential-management/machine-tokens/routes.ts'
import { oauthClientRoutes } from './credential-management/oauth-clients/routes.ts'
import { personalAccessTokenRoutes } from './credential-management/personal-access-tokens/routes.ts'
import { secretRoutes } from './credential-management/secrets/routes.ts'
import { denialRoutes } from './denials/routes.ts'
import { explainRoutes } from './explain/routes.ts'
import { expiryRoutes } from './expiry-notices/routes.ts'
import type { ContextOf } from './front-door/context-of.ts'
import type { FrontDoorOptions } from './front-door/front-door.ts'
import { visitOf } from './front-door/visit.ts'
import type { FailureListener } from './gate-listeners.ts'
import { acceptJsonBodies } from './http/json-patch.ts'
import { inventoryRoutes } from './inventory/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { liveLogRoutes } from './live-log/routes.ts'
import { publicMatrixRoutes } from './matrix/public-routes.ts'
import { matrixRoutes } from './matrix/routes.ts'
import { smallestRoutes } from './matrix/smallest-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { rightSizeRoutes } from './right-size/routes.ts'
import type { Services } from './services/services.ts'
import { allSettingsRoutes } from './settings/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { successionRoutes } from './succession/routes.ts'
import type { PublicAddress } from './tenants/origins.ts'
import { tenantRoutes } from './tenants/routes.ts'
import { tokenEndpoint, tokenEndpointDeclaration } from './token/endpoint.ts'
import { lifecycleRoutes } from './token/lifecycle/routes.ts'
import { metadataRoutes } from './token/metadata/routes.ts'
import { apiUsageRoutes } from './usage/api-usage-routes.ts'
import { usageRoutes } from './usage/routes.ts'

/** What routes are mounted with. Each folder names those that it wants. */
export interface Parts {
  services: Services
  changes: ChangeLog
  contextOf: ContextOf
  address: () => PublicAddress
  pod: string
  routes: readonly DeclaredRoute[]
  onRefused: RefusalListener
  onAdmitted: AdmissionListener
  onError: FailureListener
}

/** The list of what is mounted: what everybody reaches, and then what stands behind the gates. */
export async function mount(server: FastifyInstance, parts: Parts): Promise<void> {
  const { services, contextOf, address, pod } = parts
  const { token, signIn, authorize, bearers, signingKeys, contextKeys } = services
  const reader = tokenReader({ bearers, signingKeys, address, contextOf })
  await server.register(lifecycleRoutes, { services: token, reader, contextOf })
  await server.register(metadataRoutes, parts)
  await server.register(signInRoutes, { services: signIn, contextOf })
  await server.register(authorizeRoutes, { services: authorize, address, contextOf })
  await server.register(tenantRoutes, { address, pod, tenantOf: ({ raw }: FastifyRequest) => visitOf(raw).site.tenant })
  await server.register(referenceRoutes, parts)
  await server.register(keyRoutes, {
    accessKeys: signingKeys,
    contextKeys,
    contextOf: ({ raw }: FastifyRequest) => contextOf(visitOf(raw)),
  })
  await server.register(async (guarded) => {
    guardRoutes(guarded, { ...services, ...parts })
    acceptJsonBodies(guarded)
    for (const routes of guardedRoutes) await guarded.register(routes, parts)
  })
}

/** Mounts the routes of a folder. */
type Routes = (app: FastifyInstance, parts: Parts) => Promise<void>

const guardedRoutes: readonly Routes[] = [
  (app, { services, contextOf }) =>
    catalogRoutes(app, {
      services,
      contextOf: (request) => contextOf(visitOf(request.raw), actorOf(callerOf(request))),
    }),
  matrixRoutes,
  publicMatrixRoutes,
  smallestRoutes,
  explainRoutes,
  denialRoutes,
  auditEventRoutes,
  liveLogRoutes,
  allSettingsRoutes,
  peopleRoutes,
  inventoryRoutes,
  usageRoutes,
  apiUsageRoutes,
  expiryRoutes,
  rightSizeRoutes,
  successionRoutes,
  personalAccessTokenRoutes,
  machineTokenRoutes,
  oauthClientRoutes,
  secretRoutes,
]

/** The endpoints that Fastify knows nothing of, because its work on each request would cost more than they do. */
export function bareEndpoints({ services: { token }, ...parts }: Parts): FrontDoorOptions['bare'] {
  const { method, url } = tokenEndpointDeclaration
  return new Map([[`${method} ${url}`, tokenEndpoint({ ...parts, services: token })]])
}
