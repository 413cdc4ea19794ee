import type { PageReason } from '../refusal.ts'

/** Every word of the pages between an application and its code, in one language. */
export interface AuthorizeTexts {
  readonly refusal: {
    readonly title: string
    /** What is wrong, and what whoever writes the application can do. */
    readonly reasons: Readonly<Record<PageReason, string>>
    readonly sentClientId: string
    readonly sentRedirectUri: string
    readonly askAdministrator: string
    readonly differences: string
    readonly trackingId: string
  }
  readonly consent: {
    readonly title: (client: string) => string
    readonly signedInAs: string
    readonly mayDo: string
    readonly everything: string
    readonly nothingParticular: string
    readonly goesTo: string
    readonly thisComputer: string
    readonly application: string
    readonly pastePage: string
    readonly allow: string
    readonly deny: string
    readonly switchAccount: string
  }
  readonly paste: {
    readonly title: string
    readonly copy: string
    readonly code: string
    readonly confirmation: string
    readonly compare: string
    readonly onlyYours: string
    readonly refusedTitle: string
    readonly refused: string
  }
}
