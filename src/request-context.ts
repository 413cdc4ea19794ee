import type { KeyObject } from 'node:crypto'
import type { Database } from './database/schema.ts'

/** Who acts: an identity or a client through a token, the operator at the command line, a tenant file, or nobody yet. */
export type Actor =
  | { readonly kind: 'identity'; readonly id: string; readonly clientId: string }
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'operator'; readonly id: string }
  | { readonly kind: 'tenant_file'; readonly id: string }
  | { readonly kind: 'nobody'; readonly id: '' }

/** The actor before anybody has proved to be somebody. */
export const nobody: Actor = { kind: 'nobody', id: '' }

/** What one request, or one command, may touch and on whose behalf. Owner, tenant and time are never taken from input. */
export interface RequestContext {
  /** The tenant's database; other tenants do not exist in it. */
  readonly db: Database
  readonly tenantId: string
  /** Seals the tenant's audit trail. */
  readonly auditKey: KeyObject
  readonly actor: Actor
  /** Unix time in milliseconds, read once so that every record of the request agrees. */
  readonly nowMs: number
  /** 32 hex, in every answer and every record of the request. */
  readonly trackingId: string
  /** The caller's address as far as trusted proxies tell; empty for local commands. */
  readonly network: string
}
