import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** What a form is bound to: shown to one browser, for one tenant. */
export interface FormBinding {
  tenantId: string
  /** The id of `browserOf`. */
  browserId: string
}

/** The hidden field of every form of ours: no other site can know it, and no other browser can use it. */
export const formToken = (key: KeyObject, binding: FormBinding): string => digest(key, binding).toString('base64url')

/** True when a form came with the token that was shown in this browser. */
export function isFormToken(key: KeyObject, binding: FormBinding, presented: string | undefined): boolean {
  const given = Buffer.from(presented ?? '', 'base64url')
  const expected = digest(key, binding)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const digest = (key: KeyObject, { tenantId, browserId }: FormBinding): Buffer =>
  createHmac('sha256', key).update(`form ${tenantId} ${browserId}`).digest()

/**
 * False for a form that another site sent. Browsers say so in `Sec-Fetch-Site`; `Origin` speaks where they do not. It is
 * `null` for our own forms too, because our pages send no referrer: then, on plain http, the form token alone decides.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, scheme: 'http' | 'https'): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const { origin, host = '' } = headers
  if (origin === undefined) return true
  if (origin === 'null') return scheme === 'http'
  return origin === `${scheme}://${host.toLowerCase()}`
}
