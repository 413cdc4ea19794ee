import assert from 'node:assert/strict'
import fc from 'fast-check'
import { assertAgreement } from './agreement.ts'
import type { ClientName, PersonName, TokenModel } from './model.ts'
import type { TokenSystem } from './system.ts'

/** One thing that happens to the model and to the server alike. */
export type Command = fc.AsyncCommand<TokenModel, TokenSystem>

export interface Definition {
  name: string
  /** Whether there is anything that this could be done to. */
  isPossible?: (model: TokenModel) => boolean
  run: (model: TokenModel, system: TokenSystem) => Promise<void>
}

/** A command after which model and server must agree on every token there is. */
export const command = ({ name, isPossible = () => true, run }: Definition): Command => ({
  check: isPossible,
  run: async (model, system) => {
    await run(model, system)
    await assertAgreement(model, system)
  },
  toString: () => name,
})

// What is often the same comes together in longer stories.
export const person = fc.constantFrom<PersonName[]>('ada', 'ada', 'ada', 'sam')
export const client = fc.constantFrom<ClientName[]>('portal', 'portal', 'portal', 'kiosk')
/** Which thing of its kind, counted from the newest. */
export const place = fc.constantFrom(0, 0, 0, 1, 2)
/** How many generations old a refresh token is. */
export const age = fc.constantFrom(0, 0, 1, 1, 2)
/** Who comes with it: the client that it belongs to, or another one. */
export const presenter = fc.constantFrom('its client', 'its client', 'its client', 'its client', 'another client')

/** Lets time pass for the model and the server. */
export function pass(model: TokenModel, system: TokenSystem, ms: number): void {
  model.moveClock(ms)
  system.app.clock.nowMs = model.nowMs
}

export function fromEnd<Value>(values: readonly Value[], at: number): Value {
  const value = values.at(-1 - (at % values.length))
  assert.ok(value !== undefined)
  return value
}
