import type { TokenContext } from '../../access/policy.ts'
import { quoted } from './import-note.ts'
import { isJsonObject, own } from './json-object.ts'

/** Whose tokens a security scheme stands for. */
export type SchemeContext = TokenContext | 'any'

/** What the schemes of a document stand for, by their name. */
export type SchemeContexts = Readonly<Record<string, SchemeContext>>

/** One entry of a `security` list: of whom it asks which scopes, that it lets anybody in, or why it lets nobody in. */
export type Alternative =
  | { readonly kind: 'token'; readonly context: SchemeContext; readonly scopes: readonly string[] }
  | { readonly kind: 'public' }
  | { readonly kind: 'unusable'; readonly problem: string }

/** How many scopes a requirement may name. */
export const MAX_SCOPES = 200

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/ // scope-token of RFC 6749 §3.3

const knownSchemes: ReadonlyMap<string, SchemeContext> = new Map([
  ['userAuth', 'user'],
  ['UserContextAuth', 'user'],
  ['applicationAuth', 'application'],
])

/** Reads one entry of a `security` list. */
export function readAlternative(alternative: unknown, schemes: SchemeContexts): Alternative {
  if (!isJsonObject(alternative)) return unusable('An alternative must be an object that names a security scheme.')
  const [scheme, ...others] = Object.keys(alternative)
  if (scheme === undefined) return { kind: 'public' }
  if (others.length > 0) return unusable('It asks for several schemes at once, but a request carries one token.')
  const context = Object.hasOwn(schemes, scheme) ? schemes[scheme] : knownSchemes.get(scheme)
  if (context === undefined) {
    return unusable(`Say under schemes of the catalog what ${quoted(scheme)} stands for: user, application or any.`)
  }
  return readScopes(own(alternative, scheme), context)
}

/** A scope that cannot be read is never left out, since an empty list asks for none. */
function readScopes(list: unknown, context: SchemeContext): Alternative {
  if (!Array.isArray(list)) return unusable('The scopes must be a list; write [] for none.')
  if (list.length > MAX_SCOPES) return unusable(`It names more than ${MAX_SCOPES} scopes.`)
  const scopes = list.map((scope: unknown) => (typeof scope === 'string' ? scope.trim() : ''))
  const isReadable = scopes.every((scope) => SCOPE.test(scope))
  if (!isReadable) return unusable('A scope must be text without spaces, quotes or backslashes (RFC 6749 §3.3).')
  return { kind: 'token', context, scopes }
}

function unusable(problem: string): Alternative {
  return { kind: 'unusable', problem }
}
