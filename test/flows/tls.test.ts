import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Agent, request } from 'undici'
import { emptyPlace } from '../support/data-places.ts'
import { ADA, demoSecret } from '../support/demo-secrets.ts'
import { runSallyport, startSallyport } from '../support/sallyport-process.ts'
import { selfSignedCertificate } from '../support/self-signed-certificate.ts'

test('with a certificate the server speaks TLS, says https everywhere, and its command line trusts whom it is told', async (t) => {
  const { data } = emptyPlace(t)
  const { cert, key } = selfSignedCertificate('localhost', '*.api.localhost')
  writeFileSync(join(data, 'cert.pem'), cert)
  writeFileSync(join(data, 'key.pem'), key)
  const files = ['--tls-cert', join(data, 'cert.pem'), '--tls-key', join(data, 'key.pem')]
  const server = await startSallyport(t, ['--demo', '--data', join(data, 'data'), ...files])
  const agent = new Agent({ connect: { ca: cert } })
  t.after(() => agent.destroy())
  const clientSecret = demoSecret(join(data, 'data'), 'ada')

  const info = await request(`${server.url}/oauth/info`, { dispatcher: agent })
  const asked = await runSallyport(t, ['can', 'GET', '/v3/sources'], {
    env: {
      SALLYPORT_URL: server.url,
      SALLYPORT_CLIENT_ID: ADA,
      SALLYPORT_CLIENT_SECRET: clientSecret,
      NODE_EXTRA_CA_CERTS: join(data, 'cert.pem'),
    },
  })

  assert.match(server.url, /^https:\/\/localhost:\d+$/)
  const { tokenEndpoint } = (await info.body.json()) as { tokenEndpoint: string }
  assert.equal(tokenEndpoint, `${server.url}/oauth/token`)
  assert.deepEqual([asked.stdout, asked.stderr, asked.exitCode], ['yes\n', '', 0])
})
