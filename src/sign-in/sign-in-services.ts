import type { KeyObject } from 'node:crypto'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Clock } from '../clock.ts'
import { kindOf } from '../mail/error-kind.ts'
import type { Mailer } from '../mail/mail.ts'
import { MailQueue } from '../mail/mail-queue.ts'
import { FailureSurge } from '../rate-limits/failure-surge.ts'
import { NetworkThrottle } from '../rate-limits/network-throttle.ts'
import type { PublicAddress } from '../tenants/origins.ts'
import { AfterAnswer } from './after-answer.ts'
import type { KnownDevices } from './known-devices.ts'
import { PasswordPool } from './password-pool.ts'
import type { Sessions } from './sessions.ts'

/** What the sign-in pages work with, made once for the process. */
export interface SignInServices {
  sessions: Sessions
  devices: KnownDevices
  passwords: PasswordPool
  /** Failures per network: wrong passwords, links that are none. */
  failures: NetworkThrottle
  /** Wrong passwords per tenant, wherever they come from. */
  surge: FailureSurge
  /** Links asked for, per network. */
  linkRequests: NetworkThrottle
  mails: MailQueue
  afterAnswer: AfterAnswer
  activity: ActivityCounter
  changes: ChangeLog
  /** Binds forms to browsers. */
  formsKey: KeyObject
  address: () => PublicAddress
  log: SignInLog
}

export interface SignInLog {
  error: (details: object, message: string) => void
  warn: (details: object, message: string) => void
}

/** What sign-in is made from; it makes the rest itself. */
export interface SignInParts
  extends Pick<SignInServices, 'sessions' | 'devices' | 'activity' | 'changes' | 'formsKey' | 'address' | 'log'> {
  monotonicMs: Clock
  mailer: Mailer
}

/** Of one network, before it has to wait. An office behind one address has several people who mistype. */
const FAILED_SIGN_INS = { requests: 30, windowSeconds: 60 }
/** Of a whole tenant, before somebody must be trying stolen passwords from many addresses. */
export const NORMAL_FAILURES = { requests: 300, windowSeconds: 300 }
const LINK_REQUESTS = { requests: 10, windowSeconds: 60 }

/** Makes the services of sign-in, each the one of its kind in the process. */
export function makeSignInServices({ monotonicMs, mailer, ...known }: SignInParts): SignInServices {
  const { log } = known
  return {
    ...known,
    passwords: new PasswordPool(),
    failures: new NetworkThrottle(monotonicMs, FAILED_SIGN_INS),
    surge: new FailureSurge(monotonicMs, NORMAL_FAILURES),
    linkRequests: new NetworkThrottle(monotonicMs, LINK_REQUESTS),
    mails: new MailQueue({ mailer, onError: (err) => log.error({ err: kindOf(err) }, 'a mail could not be sent') }),
    afterAnswer: new AfterAnswer((err) => log.error({ err }, 'what follows a sign-in failed')),
  }
}
