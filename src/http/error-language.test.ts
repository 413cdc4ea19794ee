import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { reasons } from '../access/reasons.ts'
import { iscErrorBody, iscTexts } from './isc-error.ts'

const app = shareTestApp()

interface Message {
  locale: string
  localeOrigin: string
  text: string
}

async function messagesOf(path: string, acceptLanguage: string, name = 'app-nightly'): Promise<Message[]> {
  const token = await app().tokenFor(name)
  const answer = await app().call('GET', path, { token, headers: { 'accept-language': acceptLanguage } })
  assert.ok(answer.status >= 400, answer.text)
  return answer.json().messages
}

const english = { locale: 'en-US', localeOrigin: 'DEFAULT', text: iscTexts.forbidden }

test('a refusal at the gates comes in English first, and then in the language that was asked for', async () => {
  const german = await messagesOf('/v3/access-profiles', 'de-CH, en;q=0.8')
  const french = await messagesOf('/v3/access-profiles', 'it, fr;q=0.9, de;q=0.1')
  const spanish = await messagesOf('/v3/access-profiles', 'es')

  assert.deepEqual(german[0], english)
  assert.deepEqual(
    [german, french, spanish].map((messages) => [messages.length, messages[1]?.locale, messages[1]?.localeOrigin]),
    [
      [2, 'de', 'REQUEST'],
      [2, 'fr', 'REQUEST'],
      [2, 'es', 'REQUEST'],
    ],
  )
  assert.match(german[1]?.text ?? '', /nicht aus\. Die Operation verlangt das Token einer Person/)
})

test('in English, in a language we do not have, and without a wish there is one message', async () => {
  for (const wish of ['en-GB', 'pt-BR, it', '*', 'de;q=0', `${'x'.repeat(2000)}`])
    assert.deepEqual(await messagesOf('/v3/access-profiles', wish), [english], wish)
})

test('a refusal of a route says in the language at least what kind of mistake it is', async () => {
  const [first, second] = await messagesOf('/v2025/org-config/valid-time-zones?limit=51', 'de', 'ada')

  assert.equal(first?.text, 'limit must be a whole number from 0 to 50.')
  assert.deepEqual(second, { locale: 'de', localeOrigin: 'REQUEST', text: 'Der Inhalt der Anfrage stimmt nicht.' })
})

test('every reason that has messages is told in every language, each in words of its own', () => {
  for (const acceptLanguage of ['de', 'fr', 'es']) {
    const told = Object.entries(reasons).flatMap(([reason, status]) => {
      const body = iscErrorBody({
        status,
        text: 'x',
        trackingId: '',
        reason: reason as keyof typeof reasons,
        acceptLanguage,
      })
      return 'messages' in body ? [(body.messages as Message[])[1]?.text] : []
    })

    assert.ok(told.length > 10 && told.every(Boolean))
    assert.equal(new Set(told).size, told.length)
  }
})

test('bodies without messages are the same in every language', () => {
  for (const status of [401, 405, 429]) {
    const refusal = { status, text: 'x', trackingId: '' }
    assert.deepEqual(iscErrorBody({ ...refusal, acceptLanguage: 'de' }), iscErrorBody(refusal))
  }
})
