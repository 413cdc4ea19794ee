import type { KeyObject } from 'node:crypto'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { CredentialUses } from '../credentials/uses.ts'
import type { Database, Tx } from '../database/schema.ts'
import type { Identities } from '../identities/find.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { TurnSigner } from '../keys/turn-signer.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { PersonalAccessTokens } from '../personal-access-tokens/find.ts'
import type { FailureThrottle } from '../rate-limits/failure-throttle.ts'

/** What the token endpoint works with, made once for the process. */
export interface TokenServices {
  activity: ActivityCounter
  uses: CredentialUses
  changes: ChangeLog
  identities: Identities
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
  failures: FailureThrottle
  signingKeys: SigningKeys
  signer: TurnSigner
  /** Keys the digests of client secrets. */
  secretsKey: KeyObject
  /** Signs refresh tokens. */
  refreshKey: KeyObject
  /** Runs a write that stands by itself, as soon as those of the same moment, and answers when it is durable. */
  writeSmall: <Value>(db: Database, run: (tx: Tx) => Promise<Value>) => Promise<Value>
  /** The name of this installation's cell. */
  pod: string
}
