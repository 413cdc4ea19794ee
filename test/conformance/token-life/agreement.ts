import assert from 'node:assert/strict'
import { decodeToken } from '../../support/token-requests.ts'
import type { TokenModel } from './model.ts'
import type { TokenSystem } from './system.ts'

/** What the model expects of one token, and how the server is asked. */
interface Expectation {
  what: string
  expected: unknown
  ask: () => Promise<unknown>
}

/** Holds what the server says of every token and of its keys against the model. Changes nothing. */
export async function assertAgreement(model: TokenModel, system: TokenSystem): Promise<void> {
  const expectations = [...atTheGateway(model, system), ...atIntrospection(model, system)]
  const [answers, keyIds] = await Promise.all([
    Promise.all(expectations.map(async ({ what, ask }) => [what, await ask()])),
    system.publishedKeyIds(),
  ])
  const expected = expectations.map(({ what, expected: value }) => [what, value])
  assert.deepEqual(answers, expected)
  assertKeys(model, keyIds)
}

/** Upstreams verify with what is published: all that is alive, and nothing that may be forged. */
function assertKeys(model: TokenModel, published: readonly string[]): void {
  const living = model.accessTokens.filter((token) => model.statusOf(token) !== 401)
  const needed = living.flatMap(({ texts }) => texts.map((text) => decodeToken(text).header['kid']))
  const missing = needed.filter((kid) => !published.some((known) => known === kid))
  assert.deepEqual(missing, [], 'the key of a living token is not published')
  const leaked = published.filter((kid) => model.leakedKeyIds.has(kid))
  assert.deepEqual(leaked, [], 'a key that an emergency put out of use is published')
}

function atTheGateway(model: TokenModel, system: TokenSystem): Expectation[] {
  return model.accessTokens.flatMap((token, index) =>
    token.texts.map((text) => ({
      what: `access token ${index} of ${token.person}`,
      expected: model.statusOf(token),
      ask: () => system.statusOf(text),
    })),
  )
}

/** A client that is disabled can ask nothing. */
function atIntrospection(model: TokenModel, system: TokenSystem): Expectation[] {
  return model.families.flatMap((family, index) => {
    if (!model.isProven(family.holder)) return []
    return family.refreshTokens.map((text, at) => ({
      what: `refresh token ${at + 1} of family ${index}`,
      expected: model.isActive(family, at + 1),
      ask: () => system.isActive(text, family.holder),
    }))
  })
}
