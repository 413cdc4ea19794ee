import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyReply } from 'fastify'
import { type Html, html } from './html.ts'
import type { Locale } from './locale.ts'

/** A page for people. `body` begins with its `h1`. */
export interface Page {
  status?: number
  locale: Locale
  /** Stands in the window's title, before the tenant's name. */
  title: string
  /** The organisation's name, over the page; left out where the page is not about one. */
  tenantName?: string | undefined
  body: Html
  /**
   * An origin that a form's answer may lead to, beside our own: browsers hold `form-action` against redirects too.
   * `null` where that origin is not known: the page then sets no such limit.
   */
  formAction?: string | null
}

/** The look of all pages: one small sheet, light and dark. */
export const styleSheet = readFileSync(new URL('./page.css', import.meta.url), 'utf8')
const styleAddress = `/login/style.css?v=${hash('sha256', styleSheet).slice(0, 12)}`

/** Sends a page: no script, nothing from other origins, in no frame, kept in no cache. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .code(page.status ?? 200)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-language': page.locale,
      'content-security-policy': policyOf(page),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'cache-control': 'no-store',
      vary: 'Accept-Language, Cookie',
    })
    .send(render(page, reply.request.headers.host ?? '').text)
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:(?:\/\/[A-Za-z0-9.:[\]-]+)?$/

function policyOf({ formAction }: Page): string {
  const fixed = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
  if (formAction === null) return fixed
  const other = formAction !== undefined && ORIGIN.test(formAction) ? ` ${formAction}` : ''
  return `${fixed}; form-action 'self'${other}`
}

const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22%3E%3Cpath fill=%22%232f5d50%22 d=%22M4 30V15a12 12 0 0 1 24 0v15h-4V15a8 8 0 0 0-16 0v15zm7 0V16a5 5 0 0 1 10 0v14z%22/%3E%3C/svg%3E'

/** Two gates, one within the other. */
const mark = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path d="M4 30V15a12 12 0 0 1 24 0v15h-4V15a8 8 0 0 0-16 0v15zm7 0V16a5 5 0 0 1 10 0v14z"/></svg>`

const render = ({ locale, title, tenantName, body }: Page, host: string): Html => html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · ${tenantName ?? 'Sallyport'}</title>
<link rel="stylesheet" href="${styleAddress}">
<link rel="icon" href="${ICON}">
</head>
<body>
<header>${mark}<p translate="no">${tenantName ?? 'Sallyport'}</p></header>
<main>
${body}
</main>
<footer><p translate="no">${host}</p></footer>
</body>
</html>
`
