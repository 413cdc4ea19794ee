import { OAuthError } from '../oauth/oauth-error.ts'

/** One text for every failed proof; its first words are those that ISC's users find when they search for the error. */
export const badCredentials = (reason: string): OAuthError =>
  new OAuthError(
    'invalid_client',
    'Bad client credentials. Full authentication is required to access this resource: check the client id, the secret ' +
      'and that the credential is enabled, not expired, and belongs to this tenant.',
    { reason },
  )

/** Ids that no credential here can have, and what whoever sent them probably did. */
const mistakes: readonly { shape: RegExp; reason: string; hint: string }[] = [
  {
    shape: /^[0-9a-fA-F]{64}$/,
    reason: 'client.secret_as_id',
    hint: 'This client_id has the shape of a secret. Send the id as client_id and the secret as client_secret.',
  },
  {
    shape: /^[A-Za-z0-9]{16}$/,
    reason: 'client.legacy_id',
    hint: 'This client_id has the shape of a legacy one, which never works with OAuth 2.0. Create an API client or a personal access token.',
  },
  {
    shape: /^(?=.*[A-F])[0-9a-fA-F-]{32,36}$/,
    reason: 'client.upper_case_id',
    hint: 'This client_id has upper-case letters. Ids are lower case: copy it as it was shown.',
  },
  {
    shape: /^eyJ[A-Za-z0-9_.-]+$/,
    reason: 'client.token_as_id',
    hint: 'This client_id has the shape of a token. Send the id of a personal access token or an API client.',
  },
]

/**
 * A hint for an id whose shape alone says what went wrong. It tells nothing about what exists here.
 */
export function misshapen(id: string): OAuthError | undefined {
  const mistake = mistakes.find(({ shape }) => shape.test(id))
  return (
    mistake && new OAuthError('invalid_client', `Bad client credentials. ${mistake.hint}`, { reason: mistake.reason })
  )
}
