/** What is sent back with a redirect, in this order; a parameter without value is left out. */
export type AnswerParameters = Readonly<Record<string, string | undefined>>

/**
 * The redirect URI with the answer in its query (RFC 6749 §4.1.2): its own query stays as registered, but for
 * parameters that an answer may have, which would hide ours.
 */
export function answerUri(redirectUri: string, answer: AnswerParameters): string {
  const at = redirectUri.indexOf('?')
  const base = at < 0 ? redirectUri : redirectUri.slice(0, at)
  const kept = at < 0 ? [] : redirectUri.slice(at + 1).split('&')
  const added = Object.entries(answer).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  const query = [...kept.filter((pair) => pair !== '' && !isAnswerParameter(pair)), ...added]
  return `${base}?${query.join('&')}`
}

const ANSWER_PARAMETERS: ReadonlySet<string> = new Set([
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
])

function isAnswerParameter(pair: string): boolean {
  const name = pair.split('=', 1)[0] ?? ''
  return ANSWER_PARAMETERS.has(new URLSearchParams(name).keys().next().value ?? '')
}
