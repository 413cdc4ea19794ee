import { html } from '../../http/html.ts'
import type { SignInTexts } from '../texts/texts.ts'
import { type Content, field, form, hidden } from './parts.ts'

/** What speaks against a pair of new passwords; the second one is objected to only when it differs from the first. */
export type NewPasswordObjection = keyof SignInTexts['objections']

/** Asks for whom to send a link. */
export const forgotPage = ({ forgot: texts, login }: SignInTexts, { token }: { token: string }): Content => ({
  title: texts.title,
  body: html`<h1 tabindex="-1">${texts.title}</h1>
<p class="lead">${texts.lead}</p>
${form(
  '/login/forgot',
  token,
  html`${field({ name: 'username', label: login.username, type: 'text', autocomplete: 'username', isFocused: true })}
<button type="submit">${texts.submit}</button>`,
)}
<p class="links"><a href="/login">${texts.back}</a></p>`,
})

/** The answer to everybody who asked for a link. */
export const linkSentPage = ({ forgot: texts }: SignInTexts, { alias }: { alias: string }): Content => ({
  title: texts.sentTitle,
  body: html`<h1 tabindex="-1">${texts.sentTitle}</h1>
<p>${texts.sent(alias)}</p>
<p class="lead">${texts.sentHint}</p>
<p><a class="button quiet" href="/login">${texts.back}</a></p>`,
})

interface NewPassword {
  token: string
  objection?: NewPasswordObjection | undefined
}

/** Sets a password by a link. The link's secret is in the form, no longer in an address that others may see. */
export const resetPage = (texts: SignInTexts, { token, link, objection }: NewPassword & { link: string }): Content => ({
  title: texts.reset.title,
  body: html`<h1 tabindex="-1">${texts.reset.title}</h1>
<p class="lead">${texts.reset.lead}</p>
${form(
  '/login/reset',
  token,
  html`${hidden('link', link)}
${newPasswordFields(texts, objection, true)}
<button type="submit">${texts.reset.submit}</button>`,
)}`,
})

/** Changes the password of somebody who is signed in. `username` helps password managers to know whose it is. */
export function changePage(
  texts: SignInTexts,
  { token, username, isRefused, objection }: NewPassword & { username: string; isRefused: boolean },
): Content {
  return {
    title: texts.change.title,
    body: html`<h1 tabindex="-1">${texts.change.title}</h1>
<p class="lead">${texts.change.lead}</p>
${form(
  '/login/password',
  token,
  html`<input type="text" autocomplete="username" value="${username}" hidden readonly>
${field({
  name: 'current',
  label: texts.change.current,
  type: 'password',
  autocomplete: 'current-password',
  error: isRefused ? texts.change.wrong : undefined,
  isFocused: objection === undefined,
})}
${newPasswordFields(texts, objection, objection !== undefined)}
<button type="submit">${texts.change.submit}</button>`,
)}
<p class="links"><a href="/login">${texts.change.back}</a></p>`,
  }
}

function newPasswordFields(texts: SignInTexts, objection: NewPasswordObjection | undefined, isFocused: boolean) {
  const isDiffering = objection === 'differs'
  const error = objection && texts.objections[objection]
  return html`${field({
    name: 'new-password',
    label: texts.reset.newPassword,
    type: 'password',
    autocomplete: 'new-password',
    hint: texts.reset.rule,
    error: isDiffering ? undefined : error,
    isFocused: isFocused && !isDiffering,
  })}
${field({
  name: 'repeat',
  label: texts.reset.repeat,
  type: 'password',
  autocomplete: 'new-password',
  error: isDiffering ? error : undefined,
  isFocused: isFocused && isDiffering,
})}`
}
