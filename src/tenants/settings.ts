/** A tenant's security settings, as the tenant file writes them; times in minutes where not said otherwise. */
export interface TenantSettings {
  lockout: { maximumAttempts: number; lockoutWindow: number; lockoutDuration: number }
  session: { maxIdleTime: number; maxSessionTime: number; rememberMe: boolean }
  network: { range: string[]; geolocation: string[]; whitelisted: boolean }
  tokens: { allowUrlCredentials: boolean; personalAccessTokensPerUser: number }
  rateLimit: { requests: number; windowSeconds: number }
  /** `cliClients`: the public clients that ISC's command line tools expect exist here too. */
  compat: { cliClients: boolean }
  /** `public`: everybody may read what every operation demands, without a token. */
  accessMatrix: { public: boolean }
}

/** ISC's defaults. */
export const defaultTenantSettings: TenantSettings = {
  lockout: { maximumAttempts: 5, lockoutWindow: 5, lockoutDuration: 15 },
  session: { maxIdleTime: 15, maxSessionTime: 720, rememberMe: false },
  network: { range: [], geolocation: [], whitelisted: false },
  tokens: { allowUrlCredentials: true, personalAccessTokensPerUser: 10 },
  rateLimit: { requests: 100, windowSeconds: 10 },
  compat: { cliClients: false },
  accessMatrix: { public: false },
}

/** Settings as given or stored, with what they leave out filled in from the defaults. */
export function completeSettings(given: PartialSettings): TenantSettings {
  const { lockout, session, network, tokens, rateLimit, compat, accessMatrix } = defaultTenantSettings
  return {
    lockout: { ...lockout, ...given.lockout },
    session: { ...session, ...given.session },
    network: { ...network, ...given.network },
    tokens: { ...tokens, ...given.tokens },
    rateLimit: { ...rateLimit, ...given.rateLimit },
    compat: { ...compat, ...given.compat },
    accessMatrix: { ...accessMatrix, ...given.accessMatrix },
  }
}

/** Settings as somebody gives them: what is left out keeps its default. */
export type PartialSettings = { [Section in keyof TenantSettings]?: Partial<TenantSettings[Section]> | undefined }
