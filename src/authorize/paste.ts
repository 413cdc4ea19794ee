import { readForm } from '../http/form.ts'
import type { PageAnswer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { noCodePage, type Pasted, pastePage } from './pages/paste-page.ts'
import { PageRefusal } from './refusal.ts'

const CODE = /^[A-Za-z0-9_-]{43}$/
const STATE = /^\P{C}{0,2048}$/u
const PARAMETERS_MAX = 16

/** Shows what a command line elsewhere waits for. Only tenants with command line clients have this page. */
export async function showPastePage({ tenant, texts, visit }: Exchange): Promise<PageAnswer> {
  if (!tenant.settings.compat.cliClients) throw new PageRefusal('paste.off')
  const answer = readAnswer(visit.query)
  return answer === 'refused' ? noCodePage(texts) : pastePage(texts, answer)
}

function readAnswer(query: string): Pasted | 'refused' {
  const sent = new Map<string, string | undefined>()
  readForm(query, PARAMETERS_MAX, (name, value) => sent.set(name, sent.has(name) ? undefined : value))
  if (sent.has('error')) return 'refused'
  const code = sent.get('code') ?? ''
  const state = sent.has('state') ? sent.get('state') : ''
  if (!CODE.test(code) || state === undefined || !STATE.test(state)) throw new PageRefusal('interaction.invalid')
  return { code, state }
}
