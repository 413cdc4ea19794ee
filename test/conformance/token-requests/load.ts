import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the placeholders of the fixtures stand for: `{{client_id}}`, or `{{client_id|percent}}` where it is encoded. */
export interface TokenRequestValues {
  readonly client_id: string
  readonly client_secret: string
  readonly scope: string
  readonly code: string
  readonly code_verifier: string
  readonly redirect_uri: string
  readonly refresh_token: string
}

/** A token request as a real client writes it. Headers lack Host and Content-Length, which the sender adds. */
export interface TokenRequestFixture {
  readonly name: string
  /** Who sends this, and what is peculiar about it. */
  readonly client: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly expect: {
    /** Those that are sent; every other one is undefined. */
    readonly parameters: Readonly<Record<string, string>>
    /** A public client has no secret. Basic may have further readings; this is the one that must authenticate. */
    readonly client: { readonly method: 'basic' | 'post'; readonly id: string; readonly secret?: string }
    readonly hasUrlCredentials: boolean
  }
}

const exampleValues: TokenRequestValues = {
  client_id: 'b61429f5-203d-494c-94c3-04f54e17bc5c',
  client_secret: '0123456789abcdef'.repeat(4),
  scope: 'sp:scopes:all',
  code: 'c0deC0dec0deC0dec0deC0dec0deC0de',
  code_verifier: 'verifier-of_43~characters.or-more-0123456789',
  redirect_uri: 'https://client.example/callback',
  refresh_token: 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl',
}

/** Every fixture of this folder, in the order of its names, with the values given in place of the examples. */
export function loadTokenRequests(values: Partial<TokenRequestValues> = {}): readonly TokenRequestFixture[] {
  const placeholders = new Map<string, string>(Object.entries({ ...exampleValues, ...values }))
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => loadTokenRequest(file.slice(0, -'.json'.length), placeholders))
}

function loadTokenRequest(name: string, placeholders: ReadonlyMap<string, string>): TokenRequestFixture {
  const path = join(import.meta.dirname, name)
  const description = JSON.parse(readFileSync(`${path}.json`, 'utf8'), (_key, value: unknown) =>
    typeof value === 'string' ? encodeBasic(fill(value, placeholders)) : value,
  )
  const body = existsSync(`${path}.body`) ? fill(readFileSync(`${path}.body`, 'latin1'), placeholders) : ''
  return { name, ...description, body: Buffer.from(body, 'latin1') }
}

function fill(text: string, placeholders: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{(\w+)(\|percent)?\}\}/g, (placeholder, name: string, percent: string | undefined) => {
    const value = placeholders.get(name)
    if (value === undefined) throw new Error(`No value for ${placeholder}`)
    return percent === undefined ? value : percentEncode(value)
  })
}

/** The strictest form-encoding that clients use: all but letters and digits. */
function percentEncode(text: string): string {
  return text.replace(/[^a-zA-Z0-9]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

function encodeBasic(text: string): string {
  return text.replace(/base64\((.*)\)/, (_all, pair: string) => Buffer.from(pair).toString('base64'))
}
