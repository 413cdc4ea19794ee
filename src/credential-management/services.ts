import type { KeyObject } from 'node:crypto'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { CredentialUses } from '../credentials/uses.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { CredentialSources } from '../inventory/credential.ts'

/** What the routes for credentials work with. */
export interface CredentialServices extends CredentialSources {
  changes: ChangeLog
  uses: CredentialUses
  /** Keys the digests of secrets. */
  secretsKey: KeyObject
}

export interface CredentialRouteOptions {
  services: CredentialServices
  contextOf: ContextOf
}

/** Makes a change known to this process before its answer goes out; the others follow by themselves. */
export const settle = ({ services: { changes } }: CredentialRouteOptions): Promise<void> =>
  changes.catchUp().catch(() => {})
