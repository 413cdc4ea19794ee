import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscAccess, type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { localeOf } from '../../http/locale.ts'
import { getIdentity } from '../../identities/list.ts'
import { signInTexts } from '../../sign-in/texts/in-language.ts'
import { setEnabled } from '../accounts/change-account.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { processIdentities } from './process-identities.ts'
import { resetIdentity } from './reset-identity.ts'
import {
  AccountActivity,
  doneSyncJob,
  doneTask,
  LifecycleBody,
  ProcessBody,
  SyncJob,
  TaskReference,
  VerificationBody,
} from './schemas.ts'
import { sendReset } from './send-reset.ts'

const versions: readonly IscVersion[] = ['beta', 'v2024', 'v2025', 'v2026', 'v1']
const administrators = ['ORG_ADMIN']
const helpers = ['ORG_ADMIN', 'HELPDESK']
const refusals = errorResponses(400, 401, 403, 404, 429)

/** ISC wants its experimental header of these in every layout but beta. */
const experimental =
  (access: IscAccess) =>
  (version: IscVersion): IscAccess =>
    version === 'beta' ? access : { ...access, experimental: true }

/** What ISC does to the identities it governs, as far as it has a meaning for those that are only let in or not. */
export async function lifecycleOfIdentities(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  const { services } = options
  const processing = ['idn:identity:process', 'idn:identity:manage']

  iscRoute<{ Body: ProcessBody }>(app, {
    method: 'POST',
    path: '/identities/process',
    versions,
    operationId: 'startIdentityProcessing',
    summary: 'Have every node read identities afresh',
    access: experimental({ user: processing, application: processing, userLevels: helpers }),
    schema: { body: ProcessBody, response: { 202: TaskReference, ...refusals } },
    handler: async (request, reply) => {
      await processIdentities(services, actingOf(options, request), request.body.identityIds)
      return reply.code(202).send(doneTask())
    },
  })

  iscRoute<IdRoute>(app, {
    method: 'POST',
    path: '/identities/:id/reset',
    versions,
    operationId: 'resetIdentity',
    summary: 'Take password, sessions and user levels from an identity',
    access: (version) =>
      version === 'beta'
        ? { user: ['idn:identity:update'] }
        : { user: ['idn:identity:manage'], application: ['idn:identity:manage'] },
    schema: { params: IdParams, response: { 202: Type.Null(), ...refusals } },
    handler: async (request, reply) => {
      await resetIdentity(services, actingOf(options, request), request.params.id)
      return reply.code(202).send()
    },
  })

  iscRoute<IdRoute & { Body: LifecycleBody }>(app, {
    method: 'POST',
    path: '/identities/:id/set-lifecycle-state',
    versions: ['v3', 'v2024', 'v2025', 'v2026', 'v1'],
    operationId: 'setLifecycleState',
    summary: 'Enable or disable an identity',
    access: { user: ['idn:identity-lifecycle-state:manage'], userLevels: administrators },
    schema: { params: IdParams, body: LifecycleBody, response: { 200: AccountActivity, ...refusals } },
    handler: async (request) => {
      const acting = actingOf(options, request)
      const isEnabled = request.body.lifecycleStateId === 'active'
      await setEnabled(services, acting, { id: request.params.id, isEnabled })
      // Under this id the audit trail has what was done: there are no account activities.
      return { accountActivityId: acting.ctx.trackingId }
    },
  })

  iscRoute<IdRoute & { Body: VerificationBody }>(app, {
    method: 'POST',
    path: '/identities/:id/verification/account/send',
    versions,
    operationId: 'sendIdentityVerificationAccountToken',
    summary: 'Mail somebody a link to choose a new password by',
    access: experimental({ user: ['idn:password:user-invite'], userLevels: helpers }),
    schema: { params: IdParams, body: VerificationBody, response: { 200: Type.Null(), ...refusals } },
    handler: async (request, reply) => {
      const { body, params, headers } = request
      const texts = signInTexts(localeOf(headers['accept-language']))
      await sendReset(services, actingOf(options, request), { id: params.id, body, texts })
      return reply.code(200).send()
    },
  })

  iscRoute<IdRoute>(app, {
    method: 'POST',
    path: '/identities/:id/synchronize-attributes',
    versions,
    operationId: 'synchronizeAttributesForIdentity',
    summary: 'Write attributes to sources: there are none, so nothing is written',
    access: (version) =>
      version === 'beta'
        ? { user: ['sp:scopes:all'], userLevels: administrators }
        : { user: [], application: [], userLevels: administrators, experimental: true },
    schema: { params: IdParams, response: { 202: SyncJob, ...refusals } },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const { id } = await getIdentity(ctx.db, ctx.tenantId, request.params.id)
      return reply.code(202).send(doneSyncJob(id))
    },
  })
}
