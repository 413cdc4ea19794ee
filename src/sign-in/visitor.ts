import type { IncomingMessage } from 'node:http'
import type { Visit } from '../front-door/visit.ts'
import { type Locale, localeOf } from '../http/locale.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { type Browser, browserOf } from './browser.ts'
import { formToken } from './csrf.ts'
import type { SignInServices } from './sign-in-services.ts'
import { signInTexts } from './texts/in-language.ts'
import type { SignInTexts } from './texts/texts.ts'

/** Who looks at a page: from which browser, in which language, in which tenant. */
export interface Visitor {
  readonly ctx: RequestContext
  readonly tenant: Tenant
  readonly locale: Locale
  readonly texts: SignInTexts
  readonly browser: Browser
  /** The hidden field of the forms that this browser is shown. */
  readonly token: string
  readonly cookieHeader: string | undefined
  readonly query: URLSearchParams
}

/** Reads what a request tells of the person behind it. */
export function readVisitor(
  { formsKey, address }: Pick<SignInServices, 'formsKey' | 'address'>,
  { headers }: IncomingMessage,
  { visit, ctx }: { visit: Visit; ctx: RequestContext },
): Visitor {
  const { tenant } = visit.site
  const locale = localeOf(headers['accept-language'])
  const browser = browserOf(headers.cookie, address().scheme)
  return {
    ctx,
    tenant,
    locale,
    texts: signInTexts(locale),
    browser,
    token: formToken(formsKey, { tenantId: tenant.id, browserId: browser.id }),
    cookieHeader: headers.cookie,
    query: new URLSearchParams(visit.query),
  }
}
