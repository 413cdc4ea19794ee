import type { KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { ActivityCounter } from '../audit/activity.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { type Visit, visitOf } from '../front-door/visit.ts'
import { type Locale, localeOf } from '../http/locale.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { SlidingWindow } from '../rate-limits/sliding-window.ts'
import type { RequestContext } from '../request-context.ts'
import { type Browser, browserOf } from '../sign-in/browser.ts'
import type { Sessions } from '../sign-in/sessions.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import { originsOf, type PublicAddress, type TenantOrigins } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { PageRefusal } from './refusal.ts'
import { textsFor } from './texts/in-language.ts'
import type { AuthorizeTexts } from './texts/texts.ts'

/** What the authorization endpoint works with. */
export interface AuthorizeServices {
  activity: ActivityCounter
  changes: ChangeLog
  oauthClients: OauthClients
  sessions: Sessions
  /** Bounds how many unregistered redirect URIs of strangers the audit trail holds. */
  unregisteredRedirects: SlidingWindow
  /** Signs interactions. */
  interactionsKey: KeyObject
  /** Binds forms to browsers. */
  formsKey: KeyObject
}

export interface AuthorizeRouteOptions {
  services: AuthorizeServices
  address: () => PublicAddress
  contextOf: ContextOf
}

/** One request of a browser, with all that its answer needs. */
export interface Exchange {
  readonly services: AuthorizeServices
  readonly headers: IncomingHttpHeaders
  readonly visit: Visit
  readonly ctx: RequestContext
  readonly tenant: Tenant
  readonly origins: TenantOrigins
  readonly scheme: PublicAddress['scheme']
  readonly browser: Browser
  readonly locale: Locale
  readonly texts: AuthorizeTexts
  /** The change-log position up to which everything was known before the exchange read anything. */
  readonly position: number
  /** The context in which an identity acts through a client. */
  readonly contextAs: (identityId: string, clientId: string) => RequestContext
}

export function exchangeOf(options: AuthorizeRouteOptions, request: IncomingMessage): Exchange {
  const { services, contextOf } = options
  const { headers } = request
  const visit = visitOf(request)
  const address = options.address()
  const { tenant } = visit.site
  const locale = localeOf(headers['accept-language'])
  return {
    services,
    headers,
    visit,
    ctx: contextOf(visit),
    tenant,
    origins: originsOf(tenant, address),
    scheme: address.scheme,
    browser: browserOf(headers.cookie, address.scheme),
    locale,
    texts: textsFor(locale),
    position: services.changes.position,
    contextAs: (id, clientId) => contextOf(visit, { kind: 'identity', id, clientId }),
  }
}

/**
 * Lets a request in that the tenant's network rule allows, to a process that knows the latest changes: another could
 * answer for a client or a person that is gone. @throws PageRefusal
 */
export async function requireAdmissible({ visit, tenant, services: { changes } }: Exchange): Promise<void> {
  if (!isNetworkAllowed(tenant.settings.network, visit.network)) throw new PageRefusal('network.denied')
  if (changes.isFresh) return
  await changes.catchUp().catch(() => {})
  if (!changes.isFresh) throw new PageRefusal('state.stale')
}
