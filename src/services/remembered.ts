import type { Operation } from '../access/policy.ts'
import { Catalogs } from '../catalogs/catalogs.ts'
import { Identities } from '../identities/find.ts'
import type { Installation } from '../installation.ts'
import { OauthClients } from '../oauth-clients/find.ts'
import { PublicOrigins } from '../oauth-clients/public-origins.ts'
import { PersonalAccessTokens } from '../personal-access-tokens/find.ts'
import { CutOffs } from '../revocations/cut-offs.ts'
import { ShadowScopes } from '../right-size/shadow-scopes.ts'
import type { PublicAddress } from '../tenants/origins.ts'
import { TenantDirectory } from '../tenants/resolve.ts'
import { UserLevels } from '../user-levels/find.ts'

/** What is read when first asked for, and remembered until the change log says otherwise. */
export interface Remembered {
  tenants: TenantDirectory
  catalogs: Catalogs
  identities: Identities
  userLevels: UserLevels
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
  publicOrigins: PublicOrigins
  shadowScopes: ShadowScopes
  cutOffs: CutOffs
}

export interface RememberedParts {
  installation: Installation
  address: () => PublicAddress
  /** The operations of our own routes. */
  builtIn: () => readonly Operation[]
}

/** Makes what remembers; it reads nothing yet. */
export function makeRemembered({ installation, address, builtIn }: RememberedParts): Remembered {
  const { changes, database, nowMs } = installation
  return {
    tenants: new TenantDirectory(database.directory, changes, address),
    catalogs: new Catalogs(changes, builtIn),
    identities: new Identities(changes),
    userLevels: new UserLevels(changes),
    oauthClients: new OauthClients(changes),
    personalAccessTokens: new PersonalAccessTokens(changes),
    publicOrigins: new PublicOrigins(changes),
    shadowScopes: new ShadowScopes(changes),
    cutOffs: new CutOffs(database.directory, changes, nowMs),
  }
}
