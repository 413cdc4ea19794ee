import { problemWithDomain } from '../config/host-names.ts'
import { nearestWord } from '../config/nearest-word.ts'

/** Names that are hosts of their own below the domain. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['api', 'login', 'www'])

/** What is wrong with a tenant name that is otherwise a DNS label. */
export function problemWithTenantName(name: string): string | undefined {
  return RESERVED_NAMES.has(name) ? `must not be ${name}: that name is a host of its own` : undefined
}

/** What is wrong with a vanity domain. */
export function problemWithVanityDomain(domain: string): string | undefined {
  const isFit = domain === domain.toLowerCase() && problemWithDomain(domain) === undefined
  return isFit ? undefined : 'must be a lower-case host name such as iga.acme.test, without scheme or path'
}

/** What is wrong with the name of a variable that holds a secret. */
export function problemWithVariableName(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'must be the name of a variable, such as ACME_CI_SECRET'
  return name.startsWith('SALLYPORT_') ? 'must not begin with SALLYPORT_: such variables are settings' : undefined
}

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
