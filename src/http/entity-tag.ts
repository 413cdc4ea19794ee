import { createHash } from 'node:crypto'

/** An entity tag that no other content has (RFC 9110 §8.8.3). */
export const entityTag = (...contents: readonly string[]): string =>
  `"${createHash('sha256').update(JSON.stringify(contents)).digest('base64url').slice(0, 22)}"`

/** Does `If-None-Match` name this tag? Weakness does not matter here (RFC 9110 §13.1.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((each) => ['*', tag, `W/${tag}`].includes(each.trim()))
}
