import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The personal access token of the demo's administrator. */
export const ADA = 'a1da0000000000000000000000000001'

/** Everything in a data directory that only its owner may see: what the demo tenant was made with, and the master key. */
export function secretsIn(data: string): string[] {
  const files = readdirSync(join(data, 'demo')).map((name) => join('demo', name))
  return [...files, 'master.key'].map((file) => readFileSync(join(data, file), 'utf8').trim())
}

/** A secret of the demo tenant: `ada`, `nightly-export` and so on. */
export const demoSecret = (data: string, name: string): string =>
  readFileSync(join(data, 'demo', `${name}.secret`), 'utf8').trim()

/** An access token for a client of the server at `url`. */
export async function fetchToken(url: string, clientId: string, clientSecret: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  if (answer.status !== 200) throw new Error(`No token: ${answer.status} ${await answer.text()}`)
  const { access_token } = (await answer.json()) as { access_token: string } // RFC 6749 §5.1
  return access_token
}
