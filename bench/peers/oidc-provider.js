import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { listen, readSettings } from './settings.js'

const settings = readSettings()
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const signingKey = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }

const resourceServer = {
  scope: '',
  audience: settings.origin,
  accessTokenTTL: settings.lifetimeSeconds,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'ES256' } },
}

const provider = new Provider(settings.origin, {
  jwks: { keys: [signingKey] },
  clients: [
    {
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  extraTokenClaims: () => settings.claims,
  formats: {
    customizers: {
      // No scope is asked for, as of the others, so the claim is put in here: less work than narrowing one.
      jwt: (_ctx, _token, jwt) => {
        jwt.payload.scope = settings.scope
      },
    },
  },
  ttl: { ClientCredentials: settings.lifetimeSeconds },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => settings.origin,
      getResourceServerInfo: () => resourceServer,
    },
  },
})

listen(provider, settings)
