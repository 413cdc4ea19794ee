/** A refusal at the gates, with its checks as they were decided. */
export interface DenialTable {
  tenant_id: string
  refused_at: number
  tracking_id: string
  /** Empty where nobody proved to be somebody. */
  client_id: string
  /** Empty in application context. */
  identity_id: string
  network: string
  method: string
  /** The template of the operation; of an unknown path, its shape. */
  path: string
  status: number
  reason: string
  explanation: string
}

/** How often a client was refused an operation for a reason, one row per hour. */
export interface DenialCountTable {
  tenant_id: string
  client_id: string
  method: string
  path: string
  reason: string
  /** Hours since 1970. */
  hour: number
  count: number
  first_at: number
  last_at: number
  /** Of the latest refusal that is kept in detail; empty when none is. */
  last_tracking_id: string
}
