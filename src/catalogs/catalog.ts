import type { Operation } from '../access/policy.ts'
import type { ScopeGrants } from '../access/scope-grants.ts'
import type { Sample } from './sample/build-sample.ts'

/** Where a catalog's operations are served from. */
export type Upstream =
  | {
      readonly kind: 'http'
      readonly url: string
      readonly caFile?: string | undefined
      readonly timeouts: UpstreamTimeouts
    }
  /** `faults` strike its answers: `latency=200`, `429@10%`. */
  | { readonly kind: 'sample'; readonly faults?: readonly string[] }
  /** Our own routes. */
  | { readonly kind: 'built_in' }

/** Milliseconds. */
export interface UpstreamTimeouts {
  readonly connect: number
  readonly firstByte: number
  readonly idle: number
}

/** How long an upstream may take where its catalog says nothing. */
export const defaultTimeouts: UpstreamTimeouts = { connect: 2000, firstByte: 10_000, idle: 30_000 }

/** An OpenAPI document loaded for a tenant. */
export interface Catalog {
  readonly name: string
  /** Stands before the document's paths; empty for none. */
  readonly prefix: string
  readonly upstream: Upstream
  /** Answers in the upstream's place; undefined where there is a real one. */
  readonly sample: Sample | undefined
}

/** An operation as the gateway finds it: what it demands, what its scopes are granted to, and where it is served from. */
export interface CatalogEntry {
  readonly method: string
  readonly path: string
  readonly operation: Operation
  readonly grants: ScopeGrants
  readonly catalog: Catalog
}
