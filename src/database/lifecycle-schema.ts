/** What credentials are used for, and what becomes of them; conventions as in `schema.ts`. */
export interface LifecycleSchema {
  usage_count: UsageCountTable
  succession_offer: SuccessionOfferTable
  handed_over_secret: HandedOverSecretTable
  shadow_scope: ShadowScopeTable
  expiry_notice: ExpiryNoticeTable
  notice_webhook: NoticeWebhookTable
}

/**
 * What was called, from where, and why it was refused: one row per day and what is counted. `client` is a client's
 * total, `operation` that of the whole tenant (its client id is empty), `shadow` what a narrower scope would refuse.
 */
export interface UsageCountTable {
  tenant_id: string
  kind: 'client' | 'call' | 'network' | 'denial' | 'shadow' | 'operation'
  client_id: string
  /** Days since 1970, UTC. */
  day: number
  /** Empty where the subject is no operation. */
  method: string
  /** The templated path of an operation, a network, or a reason code. */
  subject: string
  count: number
  last_at: number
}

/** An offer of a personal access token to another identity; gone once it is accepted, declined or withdrawn. */
export interface SuccessionOfferTable {
  tenant_id: string
  id: string
  /** A token is on offer to one identity at a time. */
  credential_id: string
  from_id: string
  to_id: string
  /** How long the old secret goes on working after the acceptance, in milliseconds. */
  overlap_ms: number
  offered_at: number
  expires_at: number
}

/** A secret that the former owner of a token may still know: it ends when that identity is disabled. */
export interface HandedOverSecretTable {
  tenant_id: string
  former_owner_id: string
  credential_id: string
  secret_id: string
  /** When it ends anyway. */
  until: number
}

/** A narrower scope that a credential has on trial: what it would refuse is counted, and nothing is refused. */
export interface ShadowScopeTable {
  tenant_id: string
  credential_id: string
  scope: string
  started_at: number
}

/** That somebody was told, or is being told, that a token expires. */
export interface ExpiryNoticeTable {
  tenant_id: string
  credential_id: string
  /** A token whose expiration date moves gets notices anew. */
  expires_at: number
  days_before: number
  channel: 'mail' | 'webhook'
  attempts: number
  /** Until when the process that claimed it has time; afterwards another may. */
  leased_until: number
  sent_at: number | null
}

/** Where a tenant's notices are posted to. */
export interface NoticeWebhookTable {
  tenant_id: string
  url: string
  /** Makes the signing key, with the server's own. */
  salt: string
  modified_at: number
}
