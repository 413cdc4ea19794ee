import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { registerIdentity } from './identity.ts'

const id = '0123456789abcdef0123456789abcdef'

test('levels that others change each time are left alone in the end, which is told', async (t) => {
  let reads = 0
  const server = await startCannedServer(t, ({ method }) =>
    method === 'PATCH'
      ? { status: 400, body: { messages: [{ text: 'The patch cannot be applied.' }] } }
      : { status: 200, body: { id, userLevels: [`LEVEL_${reads++}`] } },
  )
  const env = { SALLYPORT_URL: server.origin, SALLYPORT_TOKEN: 'token' }

  const { exitCode, stderr } = await runCommandLine(registerIdentity, ['identity', 'grant', id, 'HELPDESK'], { env })

  assert.equal(exitCode, exitCodes.conflict)
  assert.match(stderr, /were not changed\.\nOthers changed them at the same time, 10 times in a row\.\n/)
  const patches = server.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body))
  assert.deepEqual(patches.at(-1), [
    { op: 'test', path: '/capabilities', value: ['LEVEL_9'] },
    { op: 'replace', path: '/capabilities', value: ['LEVEL_9', 'HELPDESK'] },
  ])
  assert.equal(patches.length, 10)
})
