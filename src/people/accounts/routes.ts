import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { CollectionParameters, readCollectionQuery } from '../../collections/collection-query.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { localeOf } from '../../http/locale.ts'
import { accountFields, getIdentity, listIdentities } from '../../identities/list.ts'
import { signInTexts } from '../../sign-in/texts/in-language.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { invite, setEnabled, setPassword, unlock } from './change-account.ts'
import { createAccount } from './create-account.ts'
import { Account, account, NewAccount, PasswordBody } from './schemas.ts'

const path = '/sallyport/v1/identities'
const reading = {
  security: [{ userAuth: ['sallyport:identities:read', 'sallyport:identities:manage'] }],
  'x-sailpoint-userLevels': ['ORG_ADMIN', 'HELPDESK'],
}
const managing = {
  security: [{ userAuth: ['sallyport:identities:manage'] }],
  'x-sailpoint-userLevels': ['ORG_ADMIN'],
}
const helping = { ...managing, 'x-sailpoint-userLevels': ['ORG_ADMIN', 'HELPDESK'] }
const refusals = errorResponses(400, 401, 403, 404, 429)

const textsFor = ({ headers }: FastifyRequest) => signInTexts(localeOf(headers['accept-language']))

/** What ISC has no endpoint for: making people and machines, and what a help desk does for people. */
export async function accountRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  const { services } = options

  app.get<{ Querystring: Static<typeof CollectionParameters> }>(
    path,
    {
      schema: {
        ...reading,
        operationId: 'listAccounts',
        summary: 'List identities with their user levels',
        querystring: CollectionParameters,
        response: { 200: Type.Array(Account), ...refusals },
      },
    },
    async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const page = await listIdentities(ctx, readCollectionQuery(request.query, accountFields))
      return answerPage(reply, mapPage(page, account))
    },
  )

  app.post<{ Body: NewAccount }>(
    path,
    {
      schema: {
        ...managing,
        operationId: 'createAccount',
        summary: 'Create a person or a machine',
        body: NewAccount,
        response: { 201: Account, ...refusals },
      },
    },
    async (request, reply) => {
      const { body } = request
      const identity = await createAccount(services, actingOf(options, request), { body, texts: textsFor(request) })
      return reply.code(201).send(account(identity))
    },
  )

  app.get<IdRoute>(
    `${path}/:id`,
    {
      schema: {
        ...reading,
        operationId: 'getAccount',
        summary: 'Read an identity with its user levels',
        params: IdParams,
        response: { 200: Account, ...refusals },
      },
    },
    async (request) => {
      const { ctx } = actingOf(options, request)
      return account(await getIdentity(ctx.db, ctx.tenantId, request.params.id))
    },
  )

  for (const [verb, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    app.post<IdRoute>(
      `${path}/:id/${verb}`,
      {
        schema: {
          ...helping,
          operationId: `${verb}Account`,
          summary: isEnabled ? 'Enable an identity' : 'Disable an identity: its tokens and sessions end',
          params: IdParams,
          response: { 200: Account, ...refusals },
        },
      },
      async (request) =>
        account(await setEnabled(services, actingOf(options, request), { id: request.params.id, isEnabled })),
    )

  app.post<IdRoute>(
    `${path}/:id/unlock`,
    {
      schema: {
        ...helping,
        operationId: 'unlockAccount',
        summary: 'Let somebody try passwords again',
        params: IdParams,
        response: { 200: Account, ...refusals },
      },
    },
    async (request) => account(await unlock(services, actingOf(options, request), request.params.id)),
  )

  app.post<IdRoute>(
    `${path}/:id/invite`,
    {
      schema: {
        ...helping,
        operationId: 'inviteAccount',
        summary: 'Mail a link to choose a password by',
        params: IdParams,
        response: { 202: Type.Object({}), ...refusals },
      },
    },
    async (request, reply) => {
      await invite(services, actingOf(options, request), { id: request.params.id, texts: textsFor(request) })
      return reply.code(202).send({})
    },
  )

  app.put<IdRoute & { Body: Static<typeof PasswordBody> }>(
    `${path}/:id/password`,
    {
      schema: {
        ...managing,
        operationId: 'setAccountPassword',
        summary: 'Give somebody a password',
        params: IdParams,
        body: PasswordBody,
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { password } = request.body
      await setPassword(services, actingOf(options, request), { id, password, texts: textsFor(request) })
      return reply.code(204).send(null)
    },
  )
}
