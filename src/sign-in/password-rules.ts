import { isCommonPassword } from './common-passwords.ts'

/** Why a password may not be chosen. There are no rules of composition: length is what counts. */
export type PasswordObjection = 'too_short' | 'too_long' | 'too_common' | 'names_you'

/** Code points; NIST SP 800-63B-4 §3.1.1.2 lets longer ones go without composition rules. */
export const PASSWORD_CHARACTERS_MIN = 12
/** Of UTF-8, looked at before anything is hashed; nothing is ever cut off. */
export const PASSWORD_BYTES_MAX = 1024

/** The form in which a password is hashed and compared: the same letters typed on two keyboards are the same. */
export const canonicalPassword = (password: string): string => password.normalize('NFC')

export const isTooLong = (password: string): boolean =>
  Buffer.byteLength(canonicalPassword(password)) > PASSWORD_BYTES_MAX

/** Names that stand in the way only when they are long enough to be a choice. */
const NAME_CHARACTERS_MIN = 3

/** What speaks against a password for somebody with these names; undefined when nothing does. */
export function objectionTo(password: string, names: readonly string[]): PasswordObjection | undefined {
  if (isTooLong(password)) return 'too_long'
  const canonical = canonicalPassword(password)
  if (Array.from(canonical).length < PASSWORD_CHARACTERS_MIN) return 'too_short'
  if (isCommonPassword(canonical)) return 'too_common'
  const folded = canonical.toLowerCase()
  const isNamed = names.some((name) => name.length >= NAME_CHARACTERS_MIN && folded.includes(name.toLowerCase()))
  return isNamed ? 'names_you' : undefined
}
