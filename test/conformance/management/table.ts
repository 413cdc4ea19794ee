import { oauthClients, personalAccessTokens, secrets } from './credentials.ts'
import type { Endpoint } from './endpoint.ts'
import { insight } from './insight.ts'
import { levels } from './levels.ts'
import { lives } from './lives.ts'
import { accounts, people } from './people.ts'
import { settings } from './settings.ts'

/** Every management endpoint, a row for each, whatever its layouts. */
export const endpoints: readonly Endpoint[] = [
  ...people,
  ...accounts,
  ...levels,
  ...personalAccessTokens,
  ...oauthClients,
  ...secrets,
  ...lives,
  ...settings,
  ...insight,
]
