import { randomBytes } from 'node:crypto'
import { type CookieScheme, readCookie, writeCookie } from '../http/cookies.ts'

/** A browser, known by a cookie of its own before anybody signs in with it: what forms and requests are bound to. */
export interface Browser {
  /** 256 random bits; never shown on a page. */
  readonly id: string
  /** The `Set-Cookie` value to send when the browser had none. */
  readonly cookie: string | undefined
}

const NAME = 'sallyport-browser'
const ID = /^[A-Za-z0-9_-]{43}$/

/** The browser that sends this `Cookie` header, or a new one. */
export function browserOf(cookieHeader: string | undefined, scheme: CookieScheme): Browser {
  const known = readCookie(cookieHeader, NAME, scheme)
  if (known !== undefined && ID.test(known)) return { id: known, cookie: undefined }
  const id = randomBytes(32).toString('base64url')
  return { id, cookie: writeCookie(NAME, id, { scheme }) }
}
