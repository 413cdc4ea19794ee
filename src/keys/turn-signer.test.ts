import assert from 'node:assert/strict'
import { createSecretKey, generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { TurnSigner } from './turn-signer.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const }

test('every input that waits gets a signature of its own, more than one turn can sign too', async () => {
  const signer = new TurnSigner()
  const inputs = Array.from({ length: 300 }, (_, at) => `header.payload${at}`)

  const tokens = await Promise.all(inputs.map((input) => signer.sign(privateKey, input)))

  for (const [at, token] of tokens.entries()) {
    const [signed, signature = ''] = [token.slice(0, token.lastIndexOf('.')), token.split('.').at(-1)]
    assert.equal(signed, inputs[at])
    assert.ok(verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url')))
  }
})

test('an input that cannot be signed fails alone', async () => {
  const signer = new TurnSigner()
  const noKey = createSecretKey(Buffer.alloc(32))

  const [good, bad, alsoGood] = await Promise.allSettled([
    signer.sign(privateKey, 'a.b'),
    signer.sign(noKey, 'a.b'),
    signer.sign(privateKey, 'c.d'),
  ])

  assert.deepEqual([good.status, bad.status, alsoGood.status], ['fulfilled', 'rejected', 'fulfilled'])
})

test('hundreds of signatures leave the event loop to others in between', async () => {
  const signer = new TurnSigner()
  let signed = 0
  const all = Promise.all(
    Array.from({ length: 600 }, () => signer.sign(privateKey, 'a.b').then(() => void (signed += 1))),
  )

  await turn()
  await turn()
  const afterTwoTurns = signed
  await all

  assert.ok(afterTwoTurns > 0 && afterTwoTurns < 600, String(afterTwoTurns))
})
