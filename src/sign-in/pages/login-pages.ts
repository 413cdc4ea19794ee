import { html } from '../../http/html.ts'
import type { SignInTexts } from '../texts/texts.ts'
import { type Content, field, form, hidden } from './parts.ts'

export interface LoginForm {
  token: string
  tenantName: string
  /** Where to go on afterwards. */
  continueTo?: string | undefined
  username?: string | undefined
  isRefused?: boolean
  /** Said before the form: what happened just now. */
  notice?: string | undefined
  /** Whether the tenant lets people stay signed in. */
  mayRemember: boolean
}

/** The sign-in form. A refusal says the same whoever was asked for. */
export function loginPage({ login: texts }: SignInTexts, page: LoginForm): Content {
  const { token, tenantName, username, isRefused = false, notice } = page
  const isKnown = username !== undefined && username !== ''
  return {
    title: texts.title,
    body: html`<h1 tabindex="-1">${texts.title}</h1>
<p class="lead">${texts.lead(tenantName)}</p>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
${isRefused && html`<p class="notice problem" role="alert" id="problem">${texts.refused}</p>`}
${form(
  '/login',
  token,
  html`${hidden('continue', page.continueTo)}
${field({
  name: 'username',
  label: texts.username,
  type: 'text',
  autocomplete: 'username',
  value: username,
  describedBy: isRefused ? 'problem' : undefined,
  isFocused: !isKnown,
})}
${field({
  name: 'password',
  label: texts.password,
  type: 'password',
  autocomplete: 'current-password',
  describedBy: isRefused ? 'problem' : undefined,
  isFocused: isKnown,
})}
${page.mayRemember && html`<label class="check"><input type="checkbox" name="remember" value="yes"> ${texts.remember}</label>`}
<button type="submit">${texts.submit}</button>`,
)}
<p class="links"><a href="/login/forgot">${texts.forgot}</a></p>`,
  }
}

interface Welcome {
  displayName: string
  alias: string
  notice?: string | undefined
  /** Where the API is described. */
  referenceUrl: string
}

/** What somebody sees who is signed in already and came for nothing else. */
export const welcomePage = (
  { welcome: texts }: SignInTexts,
  { displayName, alias, notice, referenceUrl }: Welcome,
): Content => ({
  title: texts.title,
  body: html`<h1 tabindex="-1">${texts.title}</h1>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<p class="lead">${texts.lead(displayName, alias)}</p>
<p class="buttons"><a class="button quiet" href="/login/password">${texts.change}</a>
<a class="button quiet" href="/logout">${texts.signOut}</a></p>
<p class="links"><a href="${referenceUrl}">${texts.reference}</a></p>`,
})

/** Asks before signing out: a link from elsewhere must not do it. */
export const signOutPage = (
  { signOut: texts }: SignInTexts,
  { token, displayName }: { token: string; displayName: string },
): Content => ({
  title: texts.title,
  body: html`<h1 tabindex="-1">${texts.title}</h1>
<p class="lead">${texts.lead(displayName)}</p>
${form(
  '/logout',
  token,
  html`<div class="buttons"><button type="submit">${texts.submit}</button>
<a class="button quiet" href="/login">${texts.stay}</a></div>`,
)}`,
})
