import { type Static, type TString, Type } from 'typebox'
import { problemWithFault } from '../catalogs/sample/faults.ts'
import { problemWithNetwork } from '../config/networks.ts'
import { problemWithUpstream, problemWithUpstreamUrl } from '../config/upstream-address.ts'
import { problemWithRedirectUri } from '../oauth/redirect-uri.ts'
import { choice, described, list, type TextCheck, table, wholeNumber } from './described.ts'
import { problemWithTenantName, problemWithVanityDomain, problemWithVariableName } from './values.ts'

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

const Switch = described(Type.Boolean(), 'true or false')
const HexId = described(Type.String({ pattern: '^[0-9a-f]{32}$' }), '32 lower-case hexadecimal characters')
const Uuid = described(Type.String({ pattern: `^${UUID}$` }), 'a lower-case UUID with dashes')
const Secret = described(Type.String({ pattern: '^[0-9a-f]{64}$' }), '64 lower-case hexadecimal characters')
const Label = described(
  Type.String({ minLength: 1, maxLength: 128, pattern: '^[^\\p{Cc}]+$' }),
  'text of 1 to 128 characters',
)
const FilePath = described(Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\p{Cc}]+$' }), 'a file name')
const Scope = described(
  Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}$' }),
  'a scope such as idn:identity:read',
)
const UserLevel = described(
  Type.String({ pattern: `^([A-Za-z][A-Za-z0-9_:.-]{0,127}|${UUID})$` }),
  'a user level such as ORG_ADMIN, or the id of a custom one',
)
const Scopes = list(Scope, 100)
const DateTime = described(
  Type.String({
    format: 'date-time',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
  }),
  'a time with its zone, such as 2027-05-21T00:00:00Z',
)
const AccessTokenValidity = wholeNumber(15, 43_200, 'seconds')

/** Where a secret comes from: at most one of the three; with none, one is made and printed once. */
const secretSource = {
  secret: Type.Optional(Secret),
  secretFile: Type.Optional(FilePath),
  secretEnv: Type.Optional(checkedText(128, problemWithVariableName)),
}

const Settings = table({
  lockout: Type.Optional(
    table({
      maximumAttempts: Type.Optional(wholeNumber(1, 15)),
      lockoutWindow: Type.Optional(wholeNumber(5, 60, 'minutes')),
      lockoutDuration: Type.Optional(wholeNumber(5, 60, 'minutes')),
    }),
  ),
  session: Type.Optional(
    table({
      maxIdleTime: Type.Optional(wholeNumber(1, 1440, 'minutes')),
      maxSessionTime: Type.Optional(wholeNumber(1, 10_080, 'minutes')),
      rememberMe: Type.Optional(Switch),
    }),
  ),
  network: Type.Optional(
    table({
      range: Type.Optional(list(checkedText(64, problemWithNetwork), 100)),
      geolocation: Type.Optional(
        list(described(Type.String({ pattern: '^[A-Z]{2}$' }), 'a country code such as CH'), 250),
      ),
      whitelisted: Type.Optional(Switch),
    }),
  ),
  tokens: Type.Optional(
    table({
      allowUrlCredentials: Type.Optional(Switch),
      personalAccessTokensPerUser: Type.Optional(wholeNumber(1, 10)),
    }),
  ),
  rateLimit: Type.Optional(
    table({
      requests: Type.Optional(wholeNumber(1, 1_000_000)),
      windowSeconds: Type.Optional(wholeNumber(1, 3600, 'seconds')),
    }),
  ),
  compat: Type.Optional(table({ cliClients: Type.Optional(Switch) })),
  accessMatrix: Type.Optional(table({ public: Type.Optional(Switch) })),
})

/** The tenant itself: its names and its settings. */
export const TenantEntry = table({
  name: described(
    Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }),
    'up to 63 lower-case letters, digits and hyphens',
    problemWithTenantName,
  ),
  id: Type.Optional(Uuid),
  displayName: Type.Optional(Label),
  default: Type.Optional(Switch),
  vanityDomain: Type.Optional(checkedText(259, problemWithVanityDomain)),
  settings: Type.Optional(Settings),
})

/** A personal access token of an identity. */
export const PersonalAccessTokenEntry = table({
  name: Label,
  id: Type.Optional(HexId),
  ...secretSource,
  scope: Type.Optional(Scopes),
  accessTokenValiditySeconds: Type.Optional(AccessTokenValidity),
  expirationDate: Type.Optional(DateTime),
})

/** A person or a machine. Its password comes from at most one of the four keys; without one it has none. */
export const IdentityEntry = table({
  alias: described(Type.String({ pattern: '^[^\\s\\p{C}]{1,128}$' }), 'a name of up to 128 characters without spaces'),
  id: Type.Optional(HexId),
  displayName: Type.Optional(Label),
  email: Type.Optional(
    described(
      Type.String({ maxLength: 254, pattern: '^[^\\s@\\p{C}]{1,64}@[^\\s@\\p{C}]{1,189}$' }),
      'an e-mail address',
    ),
  ),
  password: Type.Optional(described(Type.String({ minLength: 1, maxLength: 1024 }), 'text of up to 1024 characters')),
  passwordFile: Type.Optional(FilePath),
  passwordEnv: Type.Optional(checkedText(128, problemWithVariableName)),
  passwordHash: Type.Optional(
    described(
      Type.String({
        pattern:
          '^\\$argon2id\\$v=19\\$m=\\d{1,7},t=\\d{1,2},p=\\d{1,2}\\$[A-Za-z0-9+/]{11,86}\\$[A-Za-z0-9+/]{16,171}$',
      }),
      'an argon2id hash that starts with $argon2id$v=19$',
    ),
  ),
  userLevels: Type.Optional(list(UserLevel, 100)),
  enabled: Type.Optional(Switch),
  kind: Type.Optional(choice('HUMAN', 'MACHINE')),
  personalAccessTokens: Type.Optional(list(PersonalAccessTokenEntry, 10)),
})

/** A client of API Management. */
export const OAuthClientEntry = table({
  name: Label,
  id: Type.Optional(Uuid),
  ...secretSource,
  description: Type.Optional(
    described(Type.String({ maxLength: 2000, pattern: '^([^\\p{Cc}]|[\\n\\t])*$' }), 'text of up to 2000 characters'),
  ),
  type: Type.Optional(choice('CONFIDENTIAL', 'PUBLIC')),
  grantTypes: list(choice('CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE', 'REFRESH_TOKEN'), 3, 1),
  redirectUris: Type.Optional(list(checkedText(2048, problemWithRedirectUri), 20)),
  accessTokenValiditySeconds: Type.Optional(AccessTokenValidity),
  refreshTokenValiditySeconds: Type.Optional(wholeNumber(60, 31_536_000, 'seconds')),
  accessType: Type.Optional(choice('ONLINE', 'OFFLINE')),
  enabled: Type.Optional(Switch),
  scope: Type.Optional(Scopes),
  pkceRequired: Type.Optional(Switch),
})

/** An OpenAPI document and the server that answers for it. */
export const CatalogEntry = table({
  name: described(
    Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
    'up to 64 letters, digits, dots and hyphens',
  ),
  file: FilePath,
  prefix: Type.Optional(
    described(Type.String({ maxLength: 128, pattern: '^(/[A-Za-z0-9._~-]+)*$' }), 'a path such as /v3, or "" for none'),
  ),
  upstream: Type.Union([
    checkedText(2048, problemWithUpstream),
    table({
      url: checkedText(2048, problemWithUpstreamUrl),
      caFile: Type.Optional(FilePath),
      timeouts: Type.Optional(
        table({
          connect: Type.Optional(wholeNumber(10, 600_000, 'milliseconds')),
          firstByte: Type.Optional(wholeNumber(10, 600_000, 'milliseconds')),
          idle: Type.Optional(wholeNumber(10, 600_000, 'milliseconds')),
        }),
      ),
    }),
  ]),
  sampleFaults: Type.Optional(list(checkedText(40, problemWithFault), 10)),
  schemes: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' }), choice('user', 'application', 'any')),
  ),
})

/** A whole tenant file, before secrets are looked up and defaults filled in. */
export const TenantFile = table({
  tenant: TenantEntry,
  identities: Type.Optional(list(IdentityEntry, 10_000)),
  oauthClients: Type.Optional(list(OAuthClientEntry, 10_000)),
  scopeGrants: Type.Optional(
    Type.Record(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}$' }), list(UserLevel, 100)),
  ),
  catalogs: Type.Optional(list(CatalogEntry, 100)),
})

function checkedText(maxLength: number, check: TextCheck): TString {
  return described(Type.String({ maxLength }), `text of at most ${maxLength} characters`, check)
}

export type TenantEntry = Static<typeof TenantEntry>
export type PersonalAccessTokenEntry = Static<typeof PersonalAccessTokenEntry>
export type IdentityEntry = Static<typeof IdentityEntry>
export type OAuthClientEntry = Static<typeof OAuthClientEntry>
export type CatalogEntry = Static<typeof CatalogEntry>
export type TenantFile = Static<typeof TenantFile>
