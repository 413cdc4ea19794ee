import { problemWithDomain } from '../config/host-names.ts'

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
