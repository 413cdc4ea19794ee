import fc from 'fast-check'
import { client, type Command, command, pass, person } from './command.ts'
import type { ClientName, PersonName, TokenModel } from './model.ts'

/** Most of those who are disabled come back at once, and what they held before must not. */
const switches = fc.constantFrom([false], [true], [true], [false, true], [false, true])
const written = (turns: readonly boolean[]): string => turns.map((isOn) => (isOn ? 'on' : 'off')).join(' and ')

const switchClient = fc.tuple(client, switches).map(([name, turns]) =>
  command({
    name: `${name} is switched ${written(turns)}`,
    run: async (model, system) => {
      for (const isEnabled of turns) {
        setMember(model.enabledClients, name, isEnabled)
        if (!isEnabled) model.cutOff(({ holder }) => holder === name)
        await system.setClient(name, isEnabled)
      }
    },
  }),
)

const switchPerson = fc.tuple(person, switches).map(([name, turns]) =>
  command({
    name: `${name} is switched ${written(turns)}`,
    run: async (model, system) => {
      for (const isEnabled of turns) {
        setMember(model.enabledPeople, name, isEnabled)
        if (!isEnabled) cutOffPerson(model, name)
        await system.setPerson(name, { isEnabled })
      }
    },
  }),
)

const switchLevel = fc.tuple(person, switches).map(([name, turns]) =>
  command({
    name: `the level of ${name} is switched ${written(turns)}`,
    run: async (model, system) => {
      for (const hasLevel of turns) {
        if (!hasLevel && model.peopleWithLevel.has(name)) cutOffPerson(model, name)
        setMember(model.peopleWithLevel, name, hasLevel)
        await system.setPerson(name, { hasLevel })
      }
    },
  }),
)

const cutOffPerson = (model: TokenModel, name: PersonName): void => model.cutOff(({ person: whose }) => whose === name)

function setMember<Name extends ClientName | PersonName>(set: Set<Name>, name: Name, isMember: boolean): void {
  if (isMember) set.add(name)
  else set.delete(name)
}

const deletePersonalAccessToken = person.map((who) =>
  command({
    name: `the personal access token of ${who} is deleted`,
    isPossible: ({ personalAccessTokens }) => !personalAccessTokens[who].isDeleted,
    run: async (model, system) => {
      const token = model.personalAccessTokens[who]
      token.isDeleted = true
      model.cutOff(({ holder }) => holder === token)
      await system.deletePersonalAccessToken(who)
    },
  }),
)

const rotateKeys = fc.constantFrom(false, false, true).map((isEmergency) =>
  command({
    name: isEmergency ? 'the signing key is replaced in an emergency' : 'the signing key is rotated',
    run: async (model, system) => {
      if (isEmergency) {
        for (const kid of await system.publishedKeyIds()) model.leakedKeyIds.add(kid)
        model.cutOff(() => true)
      }
      await system.rotateKeys(isEmergency)
    },
  }),
)

const restart = fc.constant(command({ name: 'the server is restarted', run: (_model, system) => system.app.restart() }))

const moveClock = (seconds: fc.Arbitrary<number>): fc.Arbitrary<Command> =>
  fc.tuple(seconds, fc.constantFrom(0, 0, 1, 999)).map(([whole, milliseconds]) =>
    command({
      name: `the clock moves by ${whole} s and ${milliseconds} ms`,
      run: async (model, system) => pass(model, system, whole * 1000 + milliseconds),
    }),
  )

const aLittle = moveClock(fc.constantFrom(1, 5, 9, 10, 11, 59, 60))
const minutesToDays = moveClock(fc.constantFrom(600, 660, 750, 754, 3600, 11 * 3600, 86_400, 91 * 86_400))
const backwards = moveClock(fc.constantFrom(-1, -2, -5))

/** What happens around the tokens: people and clients change, keys rotate, the server restarts, time passes. */
export const operatorCommands: fc.Arbitrary<Command>[] = [
  switchClient,
  switchPerson,
  switchLevel,
  deletePersonalAccessToken,
  rotateKeys,
  restart,
  aLittle,
  minutesToDays,
  backwards,
]
