import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'
import express from 'express'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { listen, readSettings } from './settings.js'

const settings = readSettings()
const { privateKey, publicKey } = await generateKeyPair('ES256')
const publicJwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'bench' }

const digest = (secret) => createHash('sha256').update(secret).digest()
const clients = new Map([
  [
    settings.clientId,
    { id: settings.clientId, grants: ['client_credentials'], secretDigest: digest(settings.clientSecret) },
  ],
])

const model = {
  getClient: async (id, secret) => {
    const client = clients.get(id)
    return client && timingSafeEqual(client.secretDigest, digest(secret ?? '')) ? client : undefined
  },
  getUserFromClient: async (client) => ({ id: client.id }),
  validateScope: async () => settings.scope,
  generateAccessToken: (client, user, scope) => {
    const issuedAt = Math.floor(Date.now() / 1000)
    return new SignJWT({
      ...settings.claims,
      client_id: client.id,
      scope,
      iss: settings.origin,
      aud: settings.origin,
      sub: user.id,
      iat: issuedAt,
      exp: issuedAt + settings.lifetimeSeconds,
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'bench' })
      .sign(privateKey)
  },
  saveToken: async (token, client, user) => ({ ...token, client, user }),
}

const oauth = new OAuth2Server({ model, accessTokenLifetime: settings.lifetimeSeconds })

async function answerToken(request, reply) {
  const response = new OAuth2Server.Response(reply)
  try {
    await oauth.token(new OAuth2Server.Request(request), response)
    reply.set(response.headers).status(response.status).json(response.body)
  } catch (error) {
    reply.status(error.code ?? 500).json({ error: error.name, error_description: error.message })
  }
}

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.post('/oauth/token', express.urlencoded({ extended: false }), answerToken)
app.get('/oauth/jwks', (_request, reply) => reply.json({ keys: [publicJwk] }))

listen(createServer(app), settings)
