import { nearestWord } from './nearest-word.ts'

/** What is wrong with the `upstream` of a catalog. */
export function problemWithUpstream(text: string): string | undefined {
  if (text === 'sample') return undefined
  const isMisspelt = !text.includes(':') && nearestWord(text, ['sample']) !== undefined
  return isMisspelt ? 'must be "sample" or an address; did you mean sample?' : problemWithUpstreamUrl(text)
}

/** What is wrong with the address of a server that requests are passed on to. */
export function problemWithUpstreamUrl(text: string): string | undefined {
  const url = /^https?:\/\/[^/]/.test(text) ? URL.parse(text) : null
  if (url === null) return 'must be an address such as http://127.0.0.1:9000'
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password'
  if (text.includes('?') || text.includes('#')) return 'must not have a query or a fragment'
  return undefined
}

/** Is this address one of these, or below one of them? */
export function isWithin(address: string, allowed: readonly string[]): boolean {
  const { origin, pathname } = new URL(address)
  return allowed.some((each) => {
    const base = new URL(each)
    return base.origin === origin && `${pathname}/`.startsWith(base.pathname.replace(/\/?$/, '/'))
  })
}
