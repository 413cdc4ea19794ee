import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { listen, readSettings } from './settings.js'

/** What nginx asks by `auth_request`: 204 for a good token, else 401. With `caches`, each token is verified once. */
const settings = readSettings()
const key = { key: createPublicKey({ key: settings.jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }
const known = new Map()

function expiryOf(token) {
  const [header = '', payload = '', signature = ''] = token.split('.')
  if (JSON.parse(Buffer.from(header, 'base64url')).alg !== 'ES256') return 0
  const isGood = verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
  return isGood ? JSON.parse(Buffer.from(payload, 'base64url')).exp : 0
}

function rememberedExpiryOf(token) {
  let expiry = known.get(token)
  if (expiry === undefined) known.set(token, (expiry = expiryOf(token)))
  return expiry
}

const read = settings.caches ? rememberedExpiryOf : expiryOf

const server = createServer((request, reply) => {
  const token = (request.headers.authorization ?? '').slice('Bearer '.length)
  reply.writeHead(read(token) > Date.now() / 1000 ? 204 : 401).end()
})

listen(server, settings)
