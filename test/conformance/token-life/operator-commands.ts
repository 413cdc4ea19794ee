import fc from 'fast-check'
import { client, type Command, command, person } from './command.ts'
import type { ClientName, PersonName, TokenModel } from './model.ts'

const setClient = fc.tuple(client, fc.boolean()).map(([name, isEnabled]) =>
  command({
    name: `${name} is ${isEnabled ? 'enabled' : 'disabled'}`,
    run: async (model, system) => {
      setMember(model.enabledClients, name, isEnabled)
      if (!isEnabled) model.cutOff(({ holder }) => holder === name)
      await system.setClient(name, isEnabled)
    },
  }),
)

const setPerson = fc.tuple(person, fc.boolean()).map(([name, isEnabled]) =>
  command({
    name: `${name} is ${isEnabled ? 'enabled' : 'disabled'}`,
    run: async (model, system) => {
      setMember(model.enabledPeople, name, isEnabled)
      if (!isEnabled) cutOffPerson(model, name)
      await system.setPerson(name, { isEnabled })
    },
  }),
)

const setLevel = fc.tuple(person, fc.boolean()).map(([name, hasLevel]) =>
  command({
    name: `${name} ${hasLevel ? 'gets' : 'loses'} the level`,
    run: async (model, system) => {
      if (!hasLevel && model.peopleWithLevel.has(name)) cutOffPerson(model, name)
      setMember(model.peopleWithLevel, name, hasLevel)
      await system.setPerson(name, { hasLevel })
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
      run: async (model, system) => {
        model.moveClock(whole * 1000 + milliseconds)
        system.app.clock.nowMs = model.nowMs
      },
    }),
  )

const aLittle = moveClock(fc.constantFrom(1, 5, 9, 10, 11, 59, 60))
const minutesToDays = moveClock(fc.constantFrom(300, 600, 660, 750, 754, 3600, 14 * 3600, 86_400, 91 * 86_400))
const backwards = moveClock(fc.constantFrom(-1, -2, -5))

/** What happens around the tokens: people and clients change, keys rotate, the server restarts, time passes. */
export const operatorCommands: fc.Arbitrary<Command>[] = [
  setClient,
  setPerson,
  setLevel,
  deletePersonalAccessToken,
  rotateKeys,
  restart,
  aLittle,
  aLittle,
  minutesToDays,
  backwards,
]
