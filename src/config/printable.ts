const MAX_EXCERPT_LENGTH = 80

/** Text made safe for a terminal: control and invisible formatting characters, line ends included, become `?`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}

/** A value as a message may repeat it: printable, at most 80 characters, in quotes where it is empty or has spaces. */
export function excerpt(text: string): string {
  const clean = printable(text.slice(0, MAX_EXCERPT_LENGTH + 1))
  const short = clean.length > MAX_EXCERPT_LENGTH ? `${clean.slice(0, MAX_EXCERPT_LENGTH)}...` : clean
  return short === '' || short.includes(' ') ? `"${short}"` : short
}
