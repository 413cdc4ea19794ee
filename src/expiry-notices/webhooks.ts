import { createHmac, hash, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import type { Agent } from 'undici'
import type { RequestContext } from '../request-context.ts'
import type { Notice } from './notice.ts'
import type { WebhookRow } from './store.ts'
import { type AllowedAddress, guardedLookup, isReachable } from './webhook-address.ts'

const TIMEOUT_MS = 5000

/** Posts notices to webhooks: signed, without redirects, within seconds, and to nowhere within the own network. */
export class Webhooks {
  readonly #key: KeyObject
  readonly #isAllowed: AllowedAddress
  #agent: Agent | undefined

  constructor(key: KeyObject, isAllowed: AllowedAddress) {
    this.#key = key
    this.#isAllowed = isAllowed
  }

  /** True for an address that the operator named beside the internet. */
  get isAllowed(): AllowedAddress {
    return this.#isAllowed
  }

  /** What the receiver checks signatures with: made of the server's key, so that the database does not hold it. */
  secretOf(tenantId: string, salt: string): string {
    return createHmac('sha256', this.#key).update(`${tenantId} ${salt}`).digest('hex')
  }

  /** @throws Error when the receiver cannot be reached, or does not answer 2xx. */
  async post({ nowMs }: RequestContext, { url, salt }: WebhookRow, notice: Notice): Promise<true> {
    const target = new URL(url)
    const host = target.hostname.replace(/^\[|\]$/g, '')
    // A name is checked when it is resolved; an address is never resolved.
    if (isIP(host) !== 0 && !isReachable(host, this.#isAllowed)) throw new Error('the webhook may not be reached')
    const body = JSON.stringify(bodyOf(notice))
    const at = Math.floor(nowMs / 1000)
    const secret = this.secretOf(notice.tenant.id, salt)
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
    const agent = await this.#agentOf()
    const response = await agent.request({
      origin: target.origin,
      path: target.pathname + target.search,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sallyport-signature': `t=${at},v1=${signature}` },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // What it says does not matter, and is not read to its end.
    response.body.on('error', () => {}).destroy()
    if (response.statusCode < 200 || response.statusCode > 299)
      throw new Error(`the webhook answered ${response.statusCode}`)
    return true
  }

  async close(): Promise<void> {
    await this.#agent?.destroy()
  }

  /** What posts is large, and many a server has no webhooks: it is loaded with the first notice. */
  async #agentOf(): Promise<Agent> {
    const { Agent } = await import('undici')
    this.#agent ??= new Agent({
      connections: 4,
      keepAliveTimeout: 1000,
      connect: { timeout: TIMEOUT_MS, lookup: guardedLookup(this.#isAllowed) },
    })
    return this.#agent
  }
}

function bodyOf({ tenant, token, days }: Notice) {
  const expiresAt = new Date(token.expires_at).toISOString()
  return {
    type: 'personal_access_token.expiring',
    // The same for every try, so that a receiver recognises a repeated one.
    id: hash('sha256', `${token.id} ${token.expires_at} ${days}`).slice(0, 32),
    tenant: tenant.name,
    personalAccessToken: { id: token.id, name: token.name, ownerId: token.owner_id, expirationDate: expiresAt },
    daysBefore: days,
  }
}
