import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { createOauthClient, type OauthClientInput, replaceOauthClient } from './manage.ts'
import { PublicOrigins } from './public-origins.ts'

const page: OauthClientInput = {
  name: 'SPA',
  type: 'PUBLIC',
  grantTypes: ['AUTHORIZATION_CODE'],
  redirectUris: ['https://app.example/cb', 'http://localhost:3000/', 'myapp://done', 'https://app.example/other'],
}

async function world(t: TestContext) {
  const { makeTenant, changes } = await openTestInstallation(t)
  const ctx = (await makeTenant('acme'))()
  const origins = new PublicOrigins(changes)
  await changes.start()
  const create = (input: OauthClientInput) => changes.write(ctx, (tx) => createOauthClient(tx, ctx, input))
  const replace = (id: string, input: OauthClientInput) =>
    changes.write(ctx, (tx) => replaceOauthClient(tx, ctx, { ...input, id }))
  const find = async () => [...(await origins.find(ctx.db, ctx.tenantId))].sort()
  return { create, replace, find }
}

test('the origins are those of web pages that PUBLIC clients redirect to', async (t) => {
  const { create, find } = await world(t)
  await create(page)
  await create({ ...page, type: 'CONFIDENTIAL', redirectUris: ['https://server.example/cb'] })
  await create({ ...page, isEnabled: false, redirectUris: ['https://disabled.example/cb'] })

  assert.deepEqual(await find(), ['http://localhost:3000', 'https://app.example'])
})

test('a change of any client is followed', async (t) => {
  const { create, replace, find } = await world(t)
  assert.deepEqual(await find(), [])
  const id = await create(page)
  assert.equal((await find()).length, 2)

  await replace(id, { ...page, isEnabled: false })

  assert.deepEqual(await find(), [])
})
