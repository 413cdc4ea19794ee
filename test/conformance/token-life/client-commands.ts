import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { TestAnswer } from '../../support/test-app.ts'
import { age, type Command, client, command, fromEnd, pass, person, place, presenter } from './command.ts'
import type { ClientName, Code, Family, Holder, TokenModel } from './model.ts'
import type { TokenSystem } from './system.ts'

const outcomeOf = (answer: TestAnswer): string => (answer.status === 200 ? 'good' : answer.json().error)

const requestCode = fc.tuple(client, person).map(([holder, who]) =>
  command({
    name: `${who} agrees to ${holder}, which waits with the code`,
    run: async (model, system) => {
      model.issueCode(holder, who, await system.issueCode(holder, who))
    },
  }),
)

const signIn = fc.tuple(client, person).map(([holder, who]) =>
  command({
    name: `${who} signs in through ${holder}`,
    run: async (model, system) => {
      const code = model.issueCode(holder, who, await system.issueCode(holder, who))
      await exchange(model, system, code, holder)
    },
  }),
)

const codeDelay = fc.constantFrom(0, 0, 0, 59_999, 60_000)

const presentCode = fc.tuple(place, presenter, codeDelay).map(([at, who, delayMs]) =>
  command({
    name: `${delayMs} ms later ${who} presents code ${at} from the end`,
    isPossible: ({ codes }) => codes.length > 0,
    run: async (model, system) => {
      pass(model, system, delayMs)
      const code = fromEnd(model.codes, at)
      await exchange(model, system, code, who === 'its client' ? code.holder : 'other')
    },
  }),
)

async function exchange(model: TokenModel, system: TokenSystem, code: Code, by: ClientName): Promise<void> {
  const expected = model.exchange(code, by)

  const answer = await system.exchange(code.text, by)

  assert.equal(outcomeOf(answer), expected, answer.text)
  if (expected === 'good' && code.family) keepTokens(model, code.family, answer)
}

const refreshable = ({ families }: TokenModel): Family[] => families.filter(({ holder }) => holder !== 'kiosk')
const generationOf = (family: Family, generationsAgo: number): number => Math.max(1, family.generation - generationsAgo)

/** How often a family is refreshed in the right way, before a token of it is presented that may be an old one. */
const rotations = fc.constantFrom(0, 0, 1, 1, 2)
const refreshDelay = fc.constantFrom(0, 0, 5_000, 10_000, 10_001)

const useRefreshToken = fc.tuple(place, rotations, refreshDelay, presenter, age).map(([at, times, delayMs, who, old]) =>
  command({
    name: `family ${at} from the end is refreshed ${times} times; ${delayMs} ms later ${who} comes with a token ${old} generations old`,
    isPossible: (model) => refreshable(model).length > 0,
    run: async (model, system) => {
      const family = fromEnd(refreshable(model), at)
      for (let time = 1; time <= times; time += 1) await refreshNow(model, system, family)
      pass(model, system, delayMs)
      const by = who === 'its client' ? family.holder : 'other'
      await refresh(model, system, { family, generation: generationOf(family, old), by })
    },
  }),
)

interface Refreshing {
  family: Family
  generation: number
  by: ClientName
}

async function refresh(model: TokenModel, system: TokenSystem, { family, generation, by }: Refreshing): Promise<void> {
  const expected = model.refresh(family, generation, by)

  const answer = await system.refresh(family.refreshTokens[generation - 1] ?? '', by)

  assert.equal(outcomeOf(answer), expected === 'same' ? 'good' : expected, answer.text)
  if (expected === 'same') assert.equal(answer.json().refresh_token, family.refreshTokens[generation])
  if (answer.status === 200) keepTokens(model, family, answer)
}

/** Asks for new tokens for every family there is: those that live give them, and the others are refused. */
export async function refreshAll(model: TokenModel, system: TokenSystem): Promise<void> {
  for (const family of refreshable(model)) await refreshNow(model, system, family)
}

const refreshNow = (model: TokenModel, system: TokenSystem, family: Family): Promise<void> =>
  refresh(model, system, { family, generation: family.generation, by: family.holder })

function keepTokens(model: TokenModel, family: Family, answer: TestAnswer): void {
  const { access_token: accessToken, refresh_token: refreshToken } = answer.json()
  assert.equal(refreshToken === undefined, family.holder === 'kiosk')
  model.addAccessToken(accessToken, family)
  if (refreshToken !== undefined) family.refreshTokens[family.generation - 1] = refreshToken
}

const revokeRefreshToken = fc.tuple(place, age, presenter).map(([at, old, who]) =>
  command({
    name: `${who} revokes family ${at} from the end by a token ${old} generations old`,
    isPossible: (model) => refreshable(model).length > 0,
    run: async (model, system) => {
      const family = fromEnd(refreshable(model), at)
      const text = family.refreshTokens[generationOf(family, old) - 1] ?? ''
      await revoke(model, system, { text, thing: family, by: who === 'its client' ? family.holder : 'other' })
    },
  }),
)

const revokeAccessToken = fc.tuple(place, presenter).map(([at, who]) =>
  command({
    name: `${who} revokes access token ${at} from the end`,
    isPossible: ({ accessTokens }) => accessTokens.length > 0,
    run: async (model, system) => {
      const token = fromEnd(model.accessTokens, at)
      const text = fromEnd(token.texts, 0)
      await revoke(model, system, { text, thing: token, by: who === 'its client' ? token.holder : 'other' })
    },
  }),
)

interface Revoking {
  text: string
  thing: { holder: Holder; isDead: boolean }
  by: Holder
}

async function revoke(model: TokenModel, system: TokenSystem, { text, thing, by }: Revoking): Promise<void> {
  const answer = await system.revoke(text, by)

  assert.equal(outcomeOf(answer), model.isProven(by) ? 'good' : 'invalid_client', answer.text)
  if (model.isProven(by) && thing.holder === by) thing.isDead = true
}

const mint = person.map((who) =>
  command({
    name: `${who} mints a token`,
    run: async (model, system) => {
      const source = model.personalAccessTokens[who]

      const answer = await system.mint(source)

      assert.equal(outcomeOf(answer), model.isProven(source) ? 'good' : 'invalid_client', answer.text)
      if (answer.status === 200) model.addAccessToken(answer.json().access_token, source)
    },
  }),
)

/** What clients do with codes and tokens, right and wrong. The list says how often each comes up. */
export const clientCommands: fc.Arbitrary<Command>[] = [
  requestCode,
  signIn,
  signIn,
  presentCode,
  presentCode,
  useRefreshToken,
  useRefreshToken,
  useRefreshToken,
  useRefreshToken,
  revokeRefreshToken,
  revokeAccessToken,
  mint,
  mint,
]
