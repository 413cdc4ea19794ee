import { LRUCache } from 'lru-cache'
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { type AdmissionServices } from './admission/admit.ts'
import { BearerAuthenticator } from './admission/authenticate-bearer.ts'
import { ActivityCounter } from './audit/activity.ts'
import { Catalogs } from './catalogs/catalogs.ts'
import type { Operation } from './access/policy.ts'
import { GroupedWrites } from './database/grouped-writes.ts'
import type { DatabaseHandle } from './database/open.ts'
import type { Visit } from './front-door/visit.ts'
import { Identities } from './identities/find.ts'
import type { Installation } from './installation.ts'
import { JtiMaker } from './keys/jti.ts'
import { SigningKeys } from './keys/signing-keys.ts'
import { TurnSigner } from './keys/turn-signer.ts'
import { OauthClients } from './oauth-clients/find.ts'
import { PublicOrigins } from './oauth-clients/public-origins.ts'
import { PersonalAccessTokens } from './personal-access-tokens/find.ts'
import { FailureThrottle } from './rate-limits/failure-throttle.ts'
import { SlidingWindow } from './rate-limits/sliding-window.ts'
import { type Actor, nobody, type RequestContext } from './request-context.ts'
import { CutOffs } from './revocations/cut-offs.ts'
import type { PublicAddress } from './tenants/origins.ts'
import { TenantDirectory } from './tenants/resolve.ts'
import type { TokenServices } from './token/token-services.ts'

export interface ServiceOptions {
  installation: Installation
  /** The operations of our own routes. */
  builtIn: () => readonly Operation[]
  address: () => PublicAddress
  pod: string
  log: Pick<Logger, 'error'>
}

/** All that the routes and the gateway work with, made once for the process. */
export interface Services {
  tenants: TenantDirectory
  catalogs: Catalogs
  identities: Identities
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
  publicOrigins: PublicOrigins
  cutOffs: CutOffs
  activity: ActivityCounter
  bearers: BearerAuthenticator
  signer: TurnSigner
  contextKeys: SigningKeys
  admission: AdmissionServices
  token: TokenServices
  contextOf: (visit: Visit, actor?: Actor) => RequestContext
}

/** Makes the services in the order of who needs whom. Each is the one of its kind in the process. */
export function makeServices({ installation, builtIn, address, pod, log }: ServiceOptions): Services {
  const { database, changes, keys, nowMs, monotonicMs } = installation
  const contextOf = contextMaker(installation)
  const sources = {
    identities: new Identities(changes),
    oauthClients: new OauthClients(changes),
    personalAccessTokens: new PersonalAccessTokens(changes),
  }
  const cutOffs = new CutOffs(database.directory, changes, nowMs)
  const activity = new ActivityCounter({
    databaseOf: (tenantId) => database.forTenant(tenantId),
    nowMs,
    onError: (err) => log.error({ err }, 'activity could not be written; it is kept for the next try'),
  })
  const signingKeys = new SigningKeys('access', keys.wrapping, changes)
  const signer = new TurnSigner()
  const bearers = new BearerAuthenticator({ ...sources, signingKeys, cutOffs, address, contextOf })
  return {
    ...sources,
    tenants: new TenantDirectory(database.directory, changes, address),
    catalogs: new Catalogs(changes, builtIn),
    publicOrigins: new PublicOrigins(changes),
    cutOffs,
    activity,
    bearers,
    signer,
    contextKeys: new SigningKeys('context', keys.wrapping, changes),
    admission: { changes, bearers, rates: new SlidingWindow(monotonicMs) },
    token: {
      ...sources,
      activity,
      changes,
      failures: new FailureThrottle(monotonicMs),
      signingKeys,
      signer,
      jtis: new JtiMaker(),
      secretsKey: keys.secrets,
      refreshKey: keys.refresh,
      writeSmall: smallWriter(database),
      pod,
    },
    contextOf,
  }
}

/** On SQLite small writes share commits; PostgreSQL groups the commits of its connections by itself. */
function smallWriter({ dialect, forTenant }: DatabaseHandle): TokenServices['writeSmall'] {
  if (dialect === 'postgres') return (db, run) => db.transaction().execute(run)
  const writes = new GroupedWrites(forTenant(''))
  return (_db, run) => writes.run(run)
}

const AUDIT_KEYS_MAX = 1000

/** Makes the context of a request; the tenant's audit key is derived once. */
function contextMaker({ database, keys }: Installation): Services['contextOf'] {
  const auditKeys = new LRUCache<string, KeyObject>({ max: AUDIT_KEYS_MAX })
  const auditKeyOf = (tenantId: string): KeyObject => {
    let key = auditKeys.get(tenantId)
    if (!key) auditKeys.set(tenantId, (key = keys.auditKey(tenantId)))
    return key
  }
  return ({ site, nowMs, trackingId, network }, actor = nobody) => {
    const tenantId = site.tenant.id
    return {
      db: database.forTenant(tenantId),
      tenantId,
      auditKey: auditKeyOf(tenantId),
      actor,
      nowMs,
      trackingId,
      network,
    }
  }
}
