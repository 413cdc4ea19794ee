const MINUTE_MS = 60_000
const CALLERS_MAX = 10_000

/** How many refusals are kept in detail in a minute. */
export interface Caps {
  /** Of one client; of one network where nobody proved to be somebody. */
  readonly perCaller: number
  readonly perTenant: number
  /** Of all that nobody stands behind, in a tenant: strangers do not crowd out what happened to its clients. */
  readonly ofNobody: number
}

/** Who was refused, where. */
export interface RefusedCaller {
  readonly tenantId: string
  /** Empty for nobody. */
  readonly clientId: string
  readonly network: string
}

/** Decides which refusals of a flood are kept in detail. What it remembers is bounded and lasts a minute. */
export class MinuteCaps {
  readonly #caps: Caps
  readonly #kept = new Map<string, number>()
  #minute = 0

  constructor(caps: Caps) {
    this.#caps = caps
  }

  /** True when one more may be kept, which then counts. */
  take({ tenantId, clientId, network }: RefusedCaller, nowMs: number): boolean {
    this.#turnTo(Math.floor(nowMs / MINUTE_MS))
    const tenant = clientId === '' ? `nobody ${tenantId}` : `tenant ${tenantId}`
    const caller = clientId === '' ? `network ${tenantId} ${network}` : `client ${tenantId} ${clientId}`
    const tenantMax = clientId === '' ? this.#caps.ofNobody : this.#caps.perTenant
    const [ofTenant, ofCaller] = [this.#kept.get(tenant) ?? 0, this.#kept.get(caller) ?? 0]
    if (ofTenant >= tenantMax || ofCaller >= this.#caps.perCaller) return false
    if (ofCaller === 0 && this.#kept.size >= CALLERS_MAX) return false
    this.#kept.set(tenant, ofTenant + 1)
    this.#kept.set(caller, ofCaller + 1)
    return true
  }

  #turnTo(minute: number): void {
    if (minute === this.#minute) return
    this.#minute = minute
    this.#kept.clear()
  }
}
