import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'

const LAYOUTS = ['/beta/identities', '/v2024/identities', '/v2025/identities', '/v2026/identities', '/identities/v1']
const reader = { scope: ['idn:identity:read'] }
const file = tenantFileFor('acme', {
  isDefault: true,
  identities: [
    { alias: 'robot', id: identityIdOf('acme', 'robot'), kind: 'MACHINE' },
    personFor('acme', 'harry', { userLevels: ['HELPDESK'] }, reader),
  ],
})
const shared = shareTestApp({ tenants: [file, tenantFileFor('globex')] })

async function read(name: string, path: string, tenant = 'acme') {
  const app = shared()
  const host = `${tenant}.api.localhost:8080`
  return app.call('GET', path, { token: await app.tokenFor(name, tenant), host })
}

test('an administrator sees in every layout what somebody owns, and that somebody owns nothing', async () => {
  for (const path of LAYOUTS) {
    const paul = await read('ada', `${path}/${identityIdOf('acme', 'paul')}/ownership`)
    const robot = await read('ada', `${path}/${identityIdOf('acme', 'robot')}/ownership`)

    const { clientId: id } = credentialOf('acme', 'paul')
    const entities = [{ identityEntity: { id, name: 'test', type: 'PERSONAL_ACCESS_TOKEN' } }]
    assert.deepEqual(paul.json(), {
      associationDetails: [{ associationType: 'PERSONAL_ACCESS_TOKEN_OWNER', entities }],
    })
    assert.deepEqual(robot.json(), { associationDetails: [] })
  }
})

test('others see what they own themselves alone, with the scope', async () => {
  const outcome = async (name: string, of: string) => {
    const { status, headers } = await read(name, `/v2025/identities/${identityIdOf('acme', of)}/ownership`)
    return headers['sallyport-reason'] ?? status
  }

  assert.equal(await outcome('harry', 'harry'), 200)
  assert.equal(await outcome('harry', 'paul'), 'resource.denied')
  assert.equal(await outcome('paul', 'paul'), 'scope.beyond_level')
  assert.equal(await outcome('app-nightly', 'paul'), 'context.user_required')
})

test('whoever exists is assigned no role, and no assignment is found', async () => {
  for (const path of LAYOUTS) {
    const roles = `${path}/${identityIdOf('acme', 'paul')}/role-assignments`
    const listed = await read('ada', `${roles}?roleName=Clerk`)
    assert.deepEqual([listed.status, listed.json()], [200, []])
    const one = await read('ada', `${roles}/${'0'.repeat(32)}`)
    assert.deepEqual([one.status, one.json().detailCode], [404, '404 Not found'])
  }
  const refused = await read('app-nightly', `/v2025/identities/${identityIdOf('acme', 'paul')}/role-assignments`)
  assert.equal(refused.headers['sallyport-reason'], 'context.user_required')
})

test("another tenant's identity is not found, as one that never was", async () => {
  for (const id of [identityIdOf('acme', 'paul'), '0'.repeat(32), 'nonsense'])
    for (const what of ['ownership', 'role-assignments', 'role-assignments/x'])
      assert.equal((await read('ada', `/v2025/identities/${id}/${what}`, 'globex')).status, 404, `${id} ${what}`)
})
