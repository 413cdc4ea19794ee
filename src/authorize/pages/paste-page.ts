import { type Html, html } from '../../http/html.ts'
import type { AuthorizeTexts } from '../texts/texts.ts'

/** What a command line is given by hand. */
export interface Pasted {
  code: string
  state: string
}

/** The text that SailPoint's command line reads: its version, the code, and the state that it made. */
export const pasteText = (pasted: Pasted): string =>
  `sp1.${Buffer.from(JSON.stringify({ v: 1, ...pasted })).toString('base64url')}`

/** What the command line shows too, so that people see that the code is for theirs; undefined for a state too short. */
export const confirmationOf = ({ state }: Pasted): string | undefined =>
  state.length < 8 ? undefined : `${state.slice(0, 4)}-${state.slice(4, 8)}`

/** Shows a code to copy to the command line that waits for it. */
export function pastePage({ paste: texts }: AuthorizeTexts, pasted: Pasted): { title: string; body: Html } {
  const confirmation = confirmationOf(pasted)
  const body = html`<h1>${texts.title}</h1>
<p>${texts.copy}</p>
<p><span class="label">${texts.code}</span><code class="copy" translate="no">${pasteText(pasted)}</code></p>
${
  confirmation !== undefined &&
  html`<p><span class="label">${texts.confirmation}</span><strong><code translate="no">${confirmation}</code></strong></p>
<p class="hint">${texts.compare}</p>`
}
<p class="notice">${texts.onlyYours}</p>`
  return { title: texts.title, body }
}

/** Says that there is no code: whoever was asked said no. */
export const noCodePage = ({ paste: texts }: AuthorizeTexts): { title: string; body: Html } => ({
  title: texts.refusedTitle,
  body: html`<h1>${texts.refusedTitle}</h1>
<p>${texts.refused}</p>`,
})
