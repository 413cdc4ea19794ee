import { html } from '../../http/html.ts'
import type { SignInTexts } from '../texts/texts.ts'
import { type Content, message } from './parts.ts'

/** Why a page of ours could not do what it is for. */
export type PageFault =
  | { kind: 'stale' | 'malformed' | 'busy' | 'network' | 'unavailable' }
  | { kind: 'tooMany'; retryAfterSeconds: number }
  | { kind: 'internal'; trackingId: string }

/** Says what failed, why, and what to do. `retryAt` is the page to open again. */
export function faultPage({ errors: texts }: SignInTexts, fault: PageFault, retryAt: string): Content {
  const way = { href: retryAt, text: texts.retry }
  switch (fault.kind) {
    case 'tooMany':
      return message(texts.tooMany, texts.tooManyHint(fault.retryAfterSeconds), way)
    case 'network':
      return message(texts.network, texts.networkHint)
    case 'internal':
      return {
        title: texts.internal,
        body: html`<h1 tabindex="-1">${texts.internal}</h1>
<p class="lead">${texts.internalHint}</p>
<p><span class="label">${texts.trackingId}</span> <code translate="no">${fault.trackingId}</code></p>
<p><a class="button quiet" href="${retryAt}">${texts.retry}</a></p>`,
      }
    default:
      return message(texts[fault.kind], texts[`${fault.kind}Hint`], way)
  }
}
