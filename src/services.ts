import type { Logger } from 'pino'
import { type AdmissionServices } from './admission/admit.ts'
import { BearerAuthenticator } from './admission/authenticate-bearer.ts'
import { ActivityCounter } from './audit/activity.ts'
import { CredentialUses } from './credentials/uses.ts'
import type { AuthorizeServices } from './authorize/exchange.ts'
import { Catalogs } from './catalogs/catalogs.ts'
import type { Operation } from './access/policy.ts'
import { DenialLog } from './denials/denial-log.ts'
import { shapeOfPath } from './denials/path-shape.ts'
import { ExpiryNotices } from './expiry-notices/expiry-notices.ts'
import type { AllowedAddress } from './expiry-notices/webhook-address.ts'
import { Webhooks } from './expiry-notices/webhooks.ts'
import { type ContextOf, contextMaker } from './front-door/context-of.ts'
import { Identities } from './identities/find.ts'
import type { Installation } from './installation.ts'
import { Janitor } from './janitor/janitor.ts'
import { SigningKeys } from './keys/signing-keys.ts'
import { TurnSigner } from './keys/turn-signer.ts'
import { LiveLog } from './live-log/live-log.ts'
import { MailQueue } from './mail/mail-queue.ts'
import type { Mailer } from './mail/mail.ts'
import { OauthClients } from './oauth-clients/find.ts'
import { PublicOrigins } from './oauth-clients/public-origins.ts'
import { PersonalAccessTokens } from './personal-access-tokens/find.ts'
import { FailureThrottle } from './rate-limits/failure-throttle.ts'
import { NetworkThrottle } from './rate-limits/network-throttle.ts'
import { SlidingWindow } from './rate-limits/sliding-window.ts'
import { nobody } from './request-context.ts'
import { CutOffs } from './revocations/cut-offs.ts'
import { ShadowScopes } from './right-size/shadow-scopes.ts'
import { AfterAnswer } from './sign-in/after-answer.ts'
import { PasswordPool } from './sign-in/password-pool.ts'
import { Sessions } from './sign-in/sessions.ts'
import type { SignInServices } from './sign-in/sign-in-services.ts'
import type { PublicAddress } from './tenants/origins.ts'
import { TenantDirectory } from './tenants/resolve.ts'
import type { TokenServices } from './token/token-services.ts'
import { UserLevels } from './user-levels/find.ts'
import { UsageCounter } from './usage/usage-counter.ts'

export interface ServiceOptions {
  installation: Installation
  /** The operations of our own routes. */
  builtIn: () => readonly Operation[]
  address: () => PublicAddress
  pod: string
  log: Pick<Logger, 'error'>
  mailer: Mailer
  /** Which addresses webhooks may reach beside the internet; none if left out. */
  isWebhookAllowed?: AllowedAddress | undefined
}

/** All that the routes and the gateway work with, made once for the process. */
export interface Services {
  tenants: TenantDirectory
  catalogs: Catalogs
  identities: Identities
  userLevels: UserLevels
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
  publicOrigins: PublicOrigins
  cutOffs: CutOffs
  activity: ActivityCounter
  usage: UsageCounter
  shadowScopes: ShadowScopes
  expiryNotices: ExpiryNotices
  webhooks: Webhooks
  denials: DenialLog
  uses: CredentialUses
  liveLog: LiveLog
  janitor: Janitor
  bearers: BearerAuthenticator
  signer: TurnSigner
  contextKeys: SigningKeys
  admission: AdmissionServices
  token: TokenServices
  sessions: Sessions
  signIn: SignInServices
  authorize: AuthorizeServices
  contextOf: ContextOf
}

/** Makes the services in the order of who needs whom. Each is the one of its kind in the process. */
export function makeServices(options: ServiceOptions): Services {
  const { installation, builtIn, address, pod, log, mailer } = options
  const { database, changes, keys, nowMs, monotonicMs } = installation
  const contextOf = contextMaker(database, keys)
  const sources = {
    identities: new Identities(changes),
    userLevels: new UserLevels(changes),
    oauthClients: new OauthClients(changes),
    personalAccessTokens: new PersonalAccessTokens(changes),
  }
  const cutOffs = new CutOffs(database.directory, changes, nowMs)
  const { activity, usage, denials, uses } = rollUps({ installation, log })
  const signingKeys = new SigningKeys('access', keys.wrapping, changes)
  const signer = new TurnSigner()
  const sessions = new Sessions(sources.identities, () => address().scheme)
  const bearers = new BearerAuthenticator({ ...sources, changes, signingKeys, cutOffs, address, contextOf })
  // Told after the keys themselves, so that nothing is verified by the old ones in between.
  changes.onChange((change) => {
    if (change === null || change.kind === 'key') bearers.forgetVerified()
  })
  return {
    ...sources,
    tenants: new TenantDirectory(database.directory, changes, address),
    catalogs: new Catalogs(changes, builtIn),
    publicOrigins: new PublicOrigins(changes),
    shadowScopes: new ShadowScopes(changes),
    ...expiryServices(options, sources.identities),
    cutOffs,
    activity,
    usage,
    denials,
    uses,
    liveLog: new LiveLog(shapeOfPath),
    janitor: new Janitor({
      directory: database.directory,
      databaseOf: (tenantId) => database.forTenant(tenantId),
      nowMs,
      onError: (err) => log.error({ err }, 'what expired could not be cleared away; the next hour tries again'),
    }),
    bearers,
    signer,
    contextKeys: new SigningKeys('context', keys.wrapping, changes),
    admission: { changes, bearers, rates: new SlidingWindow(monotonicMs) },
    token: {
      ...sources,
      activity,
      uses,
      changes,
      failures: new FailureThrottle(monotonicMs),
      signingKeys,
      signer,
      secretsKey: keys.secrets,
      refreshKey: keys.refresh,
      writeSmall: database.writeSmall,
      pod,
    },
    sessions,
    signIn: signInServices({ installation, address, log, mailer }, { sessions, activity }),
    authorize: {
      activity,
      changes,
      sessions,
      oauthClients: sources.oauthClients,
      unregisteredRedirects: new SlidingWindow(monotonicMs),
      interactionsKey: keys.interactions,
      formsKey: keys.forms,
    },
    contextOf,
  }
}

/** What is counted or noted in memory and written every second. */
function rollUps({
  installation: { database, nowMs },
  log,
}: Pick<ServiceOptions, 'installation' | 'log'>): Pick<Services, 'activity' | 'usage' | 'denials' | 'uses'> {
  const optionsFor = (what: string) => ({
    databaseOf: (tenantId: string) => database.forTenant(tenantId),
    nowMs,
    onError: (err: unknown) => log.error({ err }, `${what} could not be written; it is kept for the next try`),
  })
  return {
    activity: new ActivityCounter(optionsFor('activity')),
    usage: new UsageCounter(optionsFor('usage')),
    denials: new DenialLog(optionsFor('refusals')),
    uses: new CredentialUses(optionsFor('the last use of credentials')),
  }
}

function expiryServices(
  { installation, log, mailer, isWebhookAllowed = () => false }: ServiceOptions,
  identities: Identities,
): Pick<Services, 'expiryNotices' | 'webhooks'> {
  const webhooks = new Webhooks(installation.keys.webhooks, isWebhookAllowed)
  const expiryNotices = new ExpiryNotices({
    directory: installation.database.directory,
    contextFor: (tenantId) => installation.contextFor(tenantId, nobody),
    identities,
    mailer,
    webhooks,
    onError: (err) => log.error({ err: nameOf(err) }, 'an expiry notice could not be sent; a later sweep tries again'),
  })
  return { expiryNotices, webhooks }
}

type SignInParts = Pick<ServiceOptions, 'installation' | 'address' | 'log' | 'mailer'>

function signInServices(
  { installation, address, log, mailer }: SignInParts,
  { sessions, activity }: Pick<Services, 'sessions' | 'activity'>,
): SignInServices {
  const { changes, keys, monotonicMs } = installation
  return {
    sessions,
    passwords: new PasswordPool(),
    failures: new NetworkThrottle(monotonicMs, FAILED_SIGN_INS),
    linkRequests: new NetworkThrottle(monotonicMs, LINK_REQUESTS),
    mails: new MailQueue({ mailer, onError: (err) => log.error({ err: nameOf(err) }, 'a mail could not be sent') }),
    afterAnswer: new AfterAnswer((err) => log.error({ err }, 'what follows a sign-in failed')),
    activity,
    changes,
    formsKey: keys.forms,
    address,
  }
}

/** Of one network, before it has to wait. An office behind one address has several people who mistype. */
const FAILED_SIGN_INS = { requests: 30, windowSeconds: 60 }
const LINK_REQUESTS = { requests: 10, windowSeconds: 60 }

/** What a mail server says may repeat an address: only the kind of error is for the log. */
const nameOf = (error: unknown): Error =>
  new Error(error instanceof Error && 'code' in error ? String(error.code) : 'unknown', { cause: undefined })
