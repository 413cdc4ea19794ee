import type { TestAnswer, TestApp, TestCall } from './test-app.ts'
import { credentialOf } from './tenant-fixtures.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** The parameters with which a fixture's credential asks for a token. */
export function proofOf(name: string, tenant = 'acme'): Record<string, string> {
  const { clientId, clientSecret } = credentialOf(tenant, name)
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
}

/** Asks for a token with these parameters in a form. */
export function postToken(
  { call }: TestApp,
  parameters: Record<string, string>,
  more: TestCall = {},
): Promise<TestAnswer> {
  return call('POST', '/oauth/token', {
    body: new URLSearchParams(parameters).toString(),
    ...more,
    headers: { 'content-type': FORM, ...more.headers },
  })
}

/** The Basic authorization of a fixture's credential. */
export function basicOf(name: string, tenant = 'acme'): string {
  const { clientId, clientSecret } = credentialOf(tenant, name)
  return basic(clientId, clientSecret)
}

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

export interface DecodedToken {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

/** Header and claims of a token, unverified. */
export function decodeToken(token: string): DecodedToken {
  const [header = '', claims = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  return { header: JSON.parse(header), claims: JSON.parse(claims) }
}
