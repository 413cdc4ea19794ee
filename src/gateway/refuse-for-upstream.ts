import type { ServerResponse } from 'node:http'
import { answerRefusal } from '../http/answer.ts'

/** Why an upstream gave no answer; `retryAfterMs` where it is known when somebody will try it again. */
export interface UpstreamRefusal {
  reason: keyof typeof REFUSALS
  trackingId: string
  retryAfterMs?: number
}

/** Answers in the place of an upstream that did not, without saying where it is or what exactly happened there. */
export function refuseForUpstream(response: ServerResponse, { retryAfterMs, ...refusal }: UpstreamRefusal): void {
  const headers = retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  answerRefusal(response, { ...REFUSALS[refusal.reason], ...refusal, headers })
}

const REFUSALS = {
  'upstream.timeout': {
    status: 504,
    text: 'The service behind this gateway did not answer in time. Try again later.',
  },
  'upstream.unavailable': {
    status: 502,
    text: 'The service behind this gateway cannot be reached or broke off. Try again later.',
  },
} as const
