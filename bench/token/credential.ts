import { randomBytes } from 'node:crypto'

/** The one credential that every variant is given: a personal access token, so that all claims are there. */
export interface Credential {
  clientId: string
  clientSecret: string
}

/** What the credential may do, and so the `scope` of every token. */
export const SCOPE = ['sp:scopes:all']
/** How long a token lives: a personal access token's default. */
export const LIFETIME_SECONDS = 43_200

/** A fresh id and secret in the product's own format (32 and 64 hex digits), for one run. */
export function makeCredential(): Credential {
  return { clientId: randomBytes(16).toString('hex'), clientSecret: randomBytes(32).toString('hex') }
}

/** The body that the load generator posts, the same for all. */
export function tokenRequestForm({ clientId, clientSecret }: Credential): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString()
}
