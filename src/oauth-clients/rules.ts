import { DomainError } from '../errors.ts'
import type { GrantType } from '../oauth/grant-types.ts'
import { problemWithRedirectUri } from '../oauth/redirect-uri.ts'

/** What must fit together in a client. */
export interface ClientFlow {
  readonly type?: 'CONFIDENTIAL' | 'PUBLIC' | undefined
  readonly grantTypes: readonly GrantType[]
  readonly redirectUris?: readonly string[] | undefined
}

/**
 * Refuses a client that could never work, or would not be safe.
 * @throws DomainError `illegal_value` that says what to change.
 */
export function requireSoundFlow({ type, grantTypes, redirectUris = [] }: ClientFlow): void {
  const grants = new Set(grantTypes)
  const isCodeClient = grants.has('AUTHORIZATION_CODE')
  refuseIf(grants.has('REFRESH_TOKEN') && !isCodeClient, 'REFRESH_TOKEN needs AUTHORIZATION_CODE beside it.')
  refuseIf(isCodeClient && redirectUris.length === 0, 'AUTHORIZATION_CODE needs at least one of redirectUris.')
  refuseIf(
    type === 'PUBLIC' && grants.has('CLIENT_CREDENTIALS'),
    'A PUBLIC client has no secret, so it cannot have CLIENT_CREDENTIALS.',
  )
  for (const uri of redirectUris) {
    const problem = problemWithRedirectUri(uri)
    refuseIf(problem !== undefined, `The redirect URI ${uri} ${problem}.`)
  }
}

function refuseIf(isBroken: boolean, message: string): void {
  if (isBroken) throw new DomainError('illegal_value', message)
}
