import type { TestAnswer, TestApp } from './test-app.ts'

/** Asks for a token with a credential that a test made over HTTP. */
export async function tokenOf(app: TestApp, { id, secret }: { id: string; secret: string }): Promise<TestAnswer> {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  return app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
}
