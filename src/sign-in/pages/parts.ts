import { type Html, html } from '../../http/html.ts'

/** What a page shows: its title, which its `h1` repeats, and its markup. */
export interface Content {
  title: string
  body: Html
}

export interface Field {
  name: string
  label: string
  type: 'text' | 'password'
  /** WCAG 1.3.5: what password managers go by. */
  autocomplete: 'username' | 'current-password' | 'new-password'
  value?: string | undefined
  hint?: string | undefined
  /** What is wrong with what was typed. */
  error?: string | undefined
  /** The id of a message elsewhere on the page that concerns this field. */
  describedBy?: string | undefined
  isFocused?: boolean
}

/** A labelled field; what is said about it is read out with it. */
export function field({ name, label, type, autocomplete, ...more }: Field): Html {
  const { value, hint, error, describedBy, isFocused = false } = more
  const about = [describedBy, error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required${plainText(type)}${
    value !== undefined && html` value="${value}"`
  }${about !== '' && html` aria-describedby="${about}"`}${(error ?? describedBy) !== undefined && html` aria-invalid="true"`}${
    isFocused && html` autofocus`
  }>
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
</div>`
}

const plainText = (type: Field['type']): Html | false =>
  type === 'text' && html` autocapitalize="none" autocorrect="off" spellcheck="false"`

/** A form of ours: what it is bound to this browser by comes with it. */
export const form = (
  action: string,
  token: string,
  contents: Html,
): Html => html`<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
${contents}
</form>`

/** A field that people do not see. */
export const hidden = (name: string, value: string | undefined): Html | false =>
  value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`

/** A page that says something and offers one way on. */
export function message(title: string, lead: string, way?: { href: string; text: string; hint?: string }): Content {
  return {
    title,
    body: html`<h1 tabindex="-1">${title}</h1>
<p class="lead">${lead}</p>
${way?.hint !== undefined && html`<p>${way.hint}</p>`}
${way && html`<p><a class="button" href="${way.href}">${way.text}</a></p>`}`,
  }
}
