import type { KeyObject } from 'node:crypto'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { CredentialUses } from '../credentials/uses.ts'
import type { DatabaseHandle } from '../database/open.ts'
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
  writeSmall: DatabaseHandle['writeSmall']
  /** The name of this installation's cell. */
  pod: string
}
