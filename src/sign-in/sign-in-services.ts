import type { KeyObject } from 'node:crypto'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { MailQueue } from '../mail/mail-queue.ts'
import type { NetworkThrottle } from '../rate-limits/network-throttle.ts'
import type { PublicAddress } from '../tenants/origins.ts'
import type { AfterAnswer } from './after-answer.ts'
import type { PasswordPool } from './password-pool.ts'
import type { Sessions } from './sessions.ts'

/** What the sign-in pages work with, made once for the process. */
export interface SignInServices {
  sessions: Sessions
  passwords: PasswordPool
  /** Failures per network: wrong passwords, links that are none. */
  failures: NetworkThrottle
  /** Links asked for, per network. */
  linkRequests: NetworkThrottle
  mails: MailQueue
  afterAnswer: AfterAnswer
  activity: ActivityCounter
  changes: ChangeLog
  /** Binds forms to browsers. */
  formsKey: KeyObject
  address: () => PublicAddress
}
