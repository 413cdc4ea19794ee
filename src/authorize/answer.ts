import type { Html } from '../http/html.ts'
import { type AnswerParameters, answerUri } from './answer-uri.ts'
import type { Exchange } from './exchange.ts'
import { BackRefusal } from './refusal.ts'
import { countRefusal } from './report.ts'
import type { ProvenTarget } from './target.ts'

/** What a browser is answered: the way on, or a page. */
export type Answer = Redirect | PageAnswer

export interface Redirect {
  readonly location: string
  /** A `Set-Cookie` value. */
  readonly cookie?: string | undefined
}

export interface PageAnswer {
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** See `Page.formAction`. */
  readonly formAction?: null
}

/** Where an answer to the client goes, and the state that goes with it. */
export interface AnswerTo {
  target: ProvenTarget
  state: string | undefined
}

/** The answer to the client, with who gives it (RFC 9207). */
export const answerClient = (
  { origins }: Exchange,
  { target, state }: AnswerTo,
  answer: AnswerParameters,
): Redirect => ({ location: answerUri(target.redirectUri, { ...answer, state, iss: origins.api }) })

/** Does what the client is told of when it is refused (RFC 6749 §4.1.2.1). */
export async function tellingClient(exchange: Exchange, to: AnswerTo, act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof BackRefusal)) throw error
    const { code, message, reason } = error
    const { services, ctx } = exchange
    countRefusal(services.activity, { tenantId: ctx.tenantId, clientId: to.target.client.id, reason })
    return answerClient(exchange, to, { error: code, error_description: message })
  }
}
