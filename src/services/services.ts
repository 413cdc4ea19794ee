import type { KeyObject } from 'node:crypto'
import type { AuthorizeServices } from '../authorize/exchange.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Clock } from '../clock.ts'
import { type ContextOf, contextMaker } from '../front-door/context-of.ts'
import { SigningKeys } from '../keys/signing-keys.ts'
import { TurnSigner } from '../keys/turn-signer.ts'
import { FailureThrottle } from '../rate-limits/failure-throttle.ts'
import { SlidingWindow } from '../rate-limits/sliding-window.ts'
import { KnownDevices } from '../sign-in/known-devices.ts'
import { Sessions } from '../sign-in/sessions.ts'
import { makeSignInServices, type SignInServices } from '../sign-in/sign-in-services.ts'
import type { TokenServices } from '../token/token-services.ts'
import { type Background, type BackgroundParts, makeBackground } from './background.ts'
import { type Counters, makeCounters } from './counters.ts'
import { type Gates, makeGates } from './gates.ts'
import { makeRemembered, type Remembered, type RememberedParts } from './remembered.ts'

export interface ServiceOptions extends RememberedParts, Omit<BackgroundParts, 'identities'> {
  pod: string
  /** Addresses that catalogs loaded over HTTP may name as their upstream; none by default. */
  allowedUpstreams?: readonly string[] | undefined
}

/** All that the routes and the gateway work with, each made once for the process. */
export interface Services extends Remembered, Counters, Gates, Background {
  changes: ChangeLog
  nowMs: Clock
  monotonicMs: Clock
  contextOf: ContextOf
  /** Keys the digests of secrets. */
  secretsKey: KeyObject
  allowedUpstreams: readonly string[]
  signer: TurnSigner
  contextKeys: SigningKeys
  sessions: Sessions
  token: TokenServices
  signIn: SignInServices
  authorize: AuthorizeServices
}

/** Makes the services in the order of who needs whom. */
export function makeServices(options: ServiceOptions): Services {
  const { installation, address, log, mailer, allowedUpstreams = [] } = options
  const { changes, keys, nowMs, monotonicMs } = installation
  const contextOf = contextMaker(installation.database, keys)
  const remembered = makeRemembered(options)
  const { identities } = remembered
  const shared = {
    ...remembered,
    ...makeCounters(installation, log),
    ...makeGates({ installation, remembered, address, contextOf }),
    changes,
    secretsKey: keys.secrets,
    formsKey: keys.forms,
    signer: new TurnSigner(),
    sessions: new Sessions(identities, () => address().scheme),
    devices: new KnownDevices(keys.devices, () => address().scheme),
  }
  return {
    ...shared,
    ...makeBackground({ ...options, identities }),
    nowMs,
    monotonicMs,
    contextOf,
    allowedUpstreams,
    contextKeys: new SigningKeys('context', keys.wrapping, changes),
    token: tokenServices(options, shared),
    signIn: makeSignInServices({ ...shared, address, monotonicMs, mailer, log }),
    authorize: {
      ...shared,
      unregisteredRedirects: new SlidingWindow(monotonicMs),
      interactionsKey: keys.interactions,
    },
  }
}

function tokenServices(
  { installation: { database, keys, monotonicMs }, pod }: ServiceOptions,
  shared: Omit<TokenServices, 'failures' | 'refreshKey' | 'writeSmall' | 'pod'>,
): TokenServices {
  return {
    ...shared,
    failures: new FailureThrottle(monotonicMs),
    refreshKey: keys.refresh,
    writeSmall: database.writeSmall,
    pod,
  }
}
