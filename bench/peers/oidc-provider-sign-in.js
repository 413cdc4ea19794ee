import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { listen, readSettings } from './settings.js'

const settings = readSettings()
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const signingKey = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }
const codeChallenge = createHash('sha256').update(settings.codeVerifier).digest('base64url')

const API_SCOPE = 'api'
const resourceServer = {
  scope: API_SCOPE,
  audience: settings.origin,
  accessTokenTTL: settings.lifetimeSeconds,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'ES256' } },
}

/** In memory and without bounds; the provider's own default keeps a thousand entries and a list per grant. */
const entries = new Map()
class MapAdapter {
  constructor(kind) {
    this.kind = kind
  }

  async upsert(id, payload) {
    entries.set(`${this.kind} ${id}`, payload)
  }

  async find(id) {
    return entries.get(`${this.kind} ${id}`)
  }

  async consume(id) {
    entries.get(`${this.kind} ${id}`).consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id) {
    entries.delete(`${this.kind} ${id}`)
  }

  async revokeByGrantId(grantId) {
    for (const [key, payload] of entries) if (payload.grantId === grantId) entries.delete(key)
  }
}

const provider = new Provider(settings.origin, {
  adapter: MapAdapter,
  jwks: { keys: [signingKey] },
  clients: [
    {
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [settings.redirectUri],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  extraTokenClaims: () => settings.claims,
  formats: {
    customizers: {
      jwt: (_ctx, _token, jwt) => {
        jwt.payload.scope = settings.scope
      },
    },
  },
  ttl: { AuthorizationCode: 60, AccessToken: settings.lifetimeSeconds, RefreshToken: 86_400, Grant: 86_400 },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => settings.origin,
      useGrantedResource: () => true,
      getResourceServerInfo: () => resourceServer,
    },
  },
})

/** What signing in gives: a grant of its own and a code for it. No `openid`, so no ID token has to be signed. */
async function makeCode(client) {
  const accountId = settings.claims.identity_id
  const grant = new provider.Grant({ accountId, clientId: client.clientId })
  grant.addResourceScope(settings.origin, API_SCOPE)
  const code = new provider.AuthorizationCode({
    accountId,
    client,
    grantId: await grant.save(),
    redirectUri: settings.redirectUri,
    resource: settings.origin,
    scope: API_SCOPE,
    codeChallenge,
    codeChallengeMethod: 'S256',
    authTime: Math.floor(Date.now() / 1000),
    sessionUid: randomUUID(),
  })
  return code.save()
}

async function answerCodes(count, reply) {
  const client = await provider.Client.find(settings.clientId)
  const codes = []
  while (codes.length < count) codes.push(await makeCode(client))
  reply.end(JSON.stringify(codes))
}

const serveProvider = provider.callback()
const server = createServer((request, reply) => {
  const count = /^\/codes\/(\d+)$/.exec(request.url)?.[1]
  if (count === undefined) serveProvider(request, reply)
  else answerCodes(Number(count), reply)
})

listen(server, settings)
