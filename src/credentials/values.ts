import { type TArray, type TInteger, type TString, Type } from 'typebox'

/** Not control characters, and none that turn the direction of the text around them. */
const PRINTABLE = '^(?=.*\\S)[^\\p{Cc}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]*$'

/** A name that people give to a credential. */
export const Label: TString = Type.String({ minLength: 1, maxLength: 128, pattern: PRINTABLE })

const Scope = Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}$' }) // RFC 6749 §3.3

/** The scopes of a credential: more than a hundred would make tokens that real clients cannot store. */
export const Scopes: TArray<TString> = Type.Array(Scope, { maxItems: 100, uniqueItems: true })

/** How long access tokens of a credential live. */
export const AccessTokenSeconds: TInteger = Type.Integer({ minimum: 15, maximum: 43_200 })
