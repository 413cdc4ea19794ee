import { excerpt } from '../../config/printable.ts'
import { fail, type Found, ok, warn } from './findings.ts'

const NAME = 'address'

/** Is this the address of an API host? Answers its origin. */
export function readAddress(text: string): Found<URL> {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return { finding: noAddress(text) }
  if (url.username !== '' || url.password !== '') {
    const message = 'The address has a user name or password in it, which ends up in logs.'
    return { finding: fail(NAME, message, `Give ${url.protocol}//${url.host} alone.`) }
  }
  const better = apiHostFor(url.hostname)
  if (better !== undefined) {
    const message = `${url.hostname} is where people sign in. Tokens and APIs live on the API host.`
    return { finding: fail(NAME, message, `Use ${url.protocol}//${better}${url.port && `:${url.port}`}`) }
  }
  const origin = new URL(url.origin)
  if (url.pathname === '/' && url.search === '') return { finding: ok(NAME, url.origin), value: origin }
  const message = `${excerpt(url.pathname)} is taken off: clients put paths behind the address themselves.`
  return { finding: warn(NAME, message, `Set ${url.origin} alone.`), value: origin }
}

const noAddress = (text: string) => {
  const fix = /^[a-z0-9.-]+(?::\d+)?$/i.test(text)
    ? `Write https://${text}`
    : 'Give one such as https://acme.api.example'
  return fail(NAME, `${excerpt(text)} is no address: it must begin with http:// or https://.`, fix)
}

/** The API host that somebody means who names a sign-in or console host; undefined for any other. */
function apiHostFor(host: string): string | undefined {
  const [, tenant, domain = ''] = /^([^.]+)\.login\.(.+)$/.exec(host) ?? []
  if (tenant !== undefined) return `${tenant}.api.${domain === 'sailpoint.com' ? 'identitynow.com' : domain}`
  const [, console] = /^([^.]+)\.identitynow\.com$/.exec(host) ?? []
  return console === undefined ? undefined : `${console}.api.identitynow.com`
}
