import { type Html, html } from '../../http/html.ts'
import type { Stretch } from '../difference.ts'
import type { NamedTarget } from '../target.ts'
import type { PageReason } from '../refusal.ts'
import type { RedirectDifference } from '../report.ts'
import type { AuthorizeTexts } from '../texts/texts.ts'

export interface RefusalPage {
  reason: PageReason
  trackingId: string
  /** What was sent, where that helps; nothing else about the client is told to strangers. */
  sent: Partial<NamedTarget>
  /** For an administrator alone. */
  differences: readonly RedirectDifference[] | undefined
}

const SHOWN_MAX = 2048

/** The page for a request whose answer could not be sent to anybody. */
export function refusalPage({ refusal: texts }: AuthorizeTexts, page: RefusalPage): { title: string; body: Html } {
  const { reason, sent, differences, trackingId } = page
  const isUnregistered = reason === 'redirect_uri.unregistered'
  const body = html`<h1>${texts.title}</h1>
<p class="notice problem">${texts.reasons[reason]}</p>
${sent.clientId !== undefined && shown(texts.sentClientId, sent.clientId)}
${sent.redirectUri !== undefined && shown(texts.sentRedirectUri, sent.redirectUri)}
${isUnregistered && !differences && html`<p>${texts.askAdministrator}</p>`}
${differences && html`<h2>${texts.differences}</h2><ul>${differences.map(differenceItem)}</ul>`}
<p class="hint">${texts.trackingId}: <code translate="no">${trackingId}</code></p>`
  return { title: texts.title, body }
}

const shown = (label: string, value: string): Html =>
  html`<p><span class="label">${label}</span><code translate="no">${value.slice(0, SHOWN_MAX)}</code></p>`

const differenceItem = ({ stretches }: RedirectDifference): Html =>
  html`<li><code translate="no">${stretches.map(marked)}</code></li>`

function marked({ kind, text }: Stretch): Html {
  if (kind === 'sent') return html`<del>${text}</del>`
  return kind === 'registered' ? html`<ins>${text}</ins>` : html`${text}`
}
