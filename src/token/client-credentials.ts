import { narrowScope } from '../oauth/scope.ts'
import type { Grant } from './grant.ts'

/**
 * The client acts for itself (RFC 6749 §4.4). For a personal access token that is its owner; an API client stands for
 * nobody, which is why its tokens have application context.
 */
export const clientCredentials: Grant = {
  type: 'CLIENT_CREDENTIALS',
  authorize(_services, { client, parameters }) {
    return { identity: client.owner, scope: narrowScope(client.scope, parameters.scope) }
  },
}
