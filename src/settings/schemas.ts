import { type Static, type TObject, Type } from 'typebox'
import type { TenantSettings } from '../tenants/settings.ts'

const closed = { additionalProperties: false } as const
const wholeNumber = (minimum: number, maximum: number, description?: string) =>
  Type.Integer({ minimum, maximum, ...(description && { description }) })

/** After how many failures somebody is locked out, and for how long. */
export const LockoutConfiguration = Type.Object(
  {
    maximumAttempts: wholeNumber(1, 15, 'Failures after which an identity is locked.'),
    lockoutDuration: wholeNumber(5, 60, 'Minutes for which it stays locked.'),
    lockoutWindow: wholeNumber(5, 60, 'Minutes within which failures count together.'),
  },
  closed,
)

/** How long a sign-in lasts. */
export const SessionConfiguration = Type.Object(
  {
    maxIdleTime: wholeNumber(1, 1440, 'Minutes without a request after which a session ends.'),
    rememberMe: Type.Boolean({ description: 'May a session outlive the browser window?' }),
    maxSessionTime: wholeNumber(1, 10_080, 'Minutes after which a session ends in any case.'),
  },
  closed,
)

/** From where a tenant is used. */
export const NetworkConfiguration = Type.Object(
  {
    range: Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: 100,
      description: 'Addresses, or networks as CIDR.',
    }),
    geolocation: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250 }),
    whitelisted: Type.Boolean({ description: 'true: only these may come; false: all but these.' }),
  },
  closed,
)

/** Every setting of a tenant. */
export const Settings = Type.Object(
  {
    lockout: LockoutConfiguration,
    session: SessionConfiguration,
    network: NetworkConfiguration,
    tokens: Type.Object(
      {
        allowUrlCredentials: Type.Boolean({ description: 'May the token endpoint take secrets from the query?' }),
        personalAccessTokensPerUser: wholeNumber(1, 10),
      },
      closed,
    ),
    rateLimit: Type.Object({ requests: wholeNumber(1, 1_000_000), windowSeconds: wholeNumber(1, 3600) }, closed),
    compat: Type.Object(
      { cliClients: Type.Boolean({ description: "Do the public clients of ISC's command line tools exist?" }) },
      closed,
    ),
    accessMatrix: Type.Object(
      { public: Type.Boolean({ description: 'May everybody read what every operation demands, without a token?' }) },
      closed,
    ),
  } satisfies Record<keyof TenantSettings, TObject>,
  closed,
)
export type Settings = Static<typeof Settings>
