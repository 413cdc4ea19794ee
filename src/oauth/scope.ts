import { OAuthError } from './oauth-error.ts'

/** The scope that stands for everything its holder may do. */
export const SCOPE_ALL = 'sp:scopes:all'

/** The scope that opens operations which need no authorization beyond a valid token. */
export const SCOPE_DEFAULT = 'sp:scopes:default'

/** More scopes than this on one credential would make tokens that real clients cannot store. */
export const SCOPES_MAX = 100

const SCOPE_CHARACTERS_MAX = 200
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/ // RFC 6749 §3.3

/** Splits a `scope` parameter (RFC 6749 §3.3). @throws OAuthError `invalid_scope` for what no credential could hold. */
export function parseScope(text: string): string[] {
  if (text.length > SCOPES_MAX * SCOPE_CHARACTERS_MAX) throw new OAuthError('invalid_scope', 'The scope is too long.')
  const scopes = [...new Set(text.split(' ').filter((scope) => scope !== ''))]
  if (scopes.length > SCOPES_MAX) throw new OAuthError('invalid_scope', `Ask for at most ${SCOPES_MAX} scopes.`)
  if (!scopes.every((scope) => SCOPE_TOKEN.test(scope)))
    throw new OAuthError('invalid_scope', 'The scope is malformed.')
  return scopes
}

/**
 * The scopes a token gets: what was asked for, within what the credential holds (RFC 6749 §3.3); all of it when
 * nothing was asked. A credential with `sp:scopes:all` holds every scope.
 * @throws OAuthError `invalid_scope` for a scope beyond the credential.
 */
export function narrowScope(held: readonly string[], asked: string | undefined): readonly string[] {
  if (asked === undefined) return held
  const scopes = parseScope(asked)
  if (scopes.length === 0) return held
  if (scopes.includes(MISSPELT_ALL))
    throw new OAuthError('invalid_scope', `There is no scope ${MISSPELT_ALL}. It is spelled ${SCOPE_ALL}.`)
  if (held.includes(SCOPE_ALL) || scopes.every((scope) => held.includes(scope))) return scopes
  throw new OAuthError('invalid_scope', 'The scope goes beyond what this client was given.')
}

/** As old examples of the guide write it. */
const MISSPELT_ALL = 'sp:scope:all'
