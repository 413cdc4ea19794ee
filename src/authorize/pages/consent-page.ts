import { type Html, html } from '../../http/html.ts'
import type { Identity } from '../../identities/identity.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../../oauth/scope.ts'
import type { ProvenTarget } from '../target.ts'
import type { AuthorizeTexts } from '../texts/texts.ts'

export interface ConsentPage {
  target: ProvenTarget
  identity: Identity
  scope: readonly string[]
  /** The signed interaction and the form's token: all that the form carries. */
  interaction: string
  token: string
  /** Where somebody else signs in. */
  switchAccount: string
}

/** Asks whether a client may act for the person who is signed in. */
export function consentPage({ consent: texts }: AuthorizeTexts, page: ConsentPage): { title: string; body: Html } {
  const { target, identity, scope } = page
  const title = texts.title(target.client.name)
  const body = html`<h1>${title}</h1>
<p>${texts.signedInAs} <strong>${identity.displayName}</strong> (<span translate="no">${identity.alias}</span>).</p>
<h2>${texts.mayDo}</h2>
<ul>${scopeItems(texts, scope)}</ul>
<h2>${texts.goesTo}</h2>
<p>${receiver(texts, target)}</p>
<form method="post" action="/oauth/authorize/consent" class="buttons">
<input type="hidden" name="interaction" value="${page.interaction}">
<input type="hidden" name="token" value="${page.token}">
<button name="decision" value="allow">${texts.allow}</button>
<button name="decision" value="deny" class="quiet">${texts.deny}</button>
</form>
<p class="links"><a href="${page.switchAccount}">${texts.switchAccount}</a></p>`
  return { title, body }
}

function scopeItems(texts: AuthorizeTexts['consent'], scope: readonly string[]): Html[] {
  if (scope.includes(SCOPE_ALL)) return [html`<li>${texts.everything}</li>`]
  const particular = scope.filter((one) => one !== SCOPE_DEFAULT)
  if (particular.length === 0) return [html`<li>${texts.nothingParticular}</li>`]
  return particular.map((one) => html`<li><code translate="no">${one}</code></li>`)
}

/** The host in full, or what stands in for one. */
function receiver(texts: AuthorizeTexts['consent'], { redirectUri, isPastePage }: ProvenTarget): Html {
  if (isPastePage) return html`${texts.pastePage}`
  const { protocol, host } = new URL(redirectUri)
  if (protocol === 'https:') return html`<strong translate="no">${host}</strong>`
  return protocol === 'http:'
    ? html`${texts.thisComputer} (<span translate="no">${host}</span>)`
    : html`${texts.application} (<span translate="no">${protocol}</span>)`
}
