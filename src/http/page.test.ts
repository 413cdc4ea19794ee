import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { html } from './html.ts'
import { type Page, sendPage } from './page.ts'

async function policyOf(page: Pick<Page, 'formAction'>): Promise<string> {
  const app = Fastify()
  app.get('/', (_request, reply) => sendPage(reply, { locale: 'en', title: 'T', body: html`<h1>T</h1>`, ...page }))
  const { headers } = await app.inject('/')
  return String(headers['content-security-policy'])
}

for (const [formAction, directive] of [
  [undefined, "form-action 'self'"],
  ['https://app.example', "form-action 'self' https://app.example"],
  ['http://127.0.0.1:51234', "form-action 'self' http://127.0.0.1:51234"],
  ['com.example.app:', "form-action 'self' com.example.app:"],
  ["https://app.example; script-src 'unsafe-inline'", "form-action 'self'"],
  ['https://app.example/\r\nx: y', "form-action 'self'"],
] as const)
  test(`forms of a page with ${JSON.stringify(formAction)} may lead to ${directive}`, async () => {
    const policy = await policyOf(formAction === undefined ? {} : { formAction })

    assert.equal(policy.split('; ').at(-1), directive)
  })

test('where the address of an answer is not known, forms are not limited, and all else is', async () => {
  const policy = await policyOf({ formAction: null })

  assert.equal(policy, "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'")
})
