import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse, stringify } from 'yaml'
import { usageFailure } from '../terminal/failure.ts'

const Profile = Type.Object(
  { url: Type.String(), clientId: Type.String(), clientSecret: Type.String() },
  { additionalProperties: false },
)
/** An address and a credential for it, which go together and nowhere else. */
export type Profile = Static<typeof Profile>

const Stored = Type.Object(
  { current: Type.Optional(Type.String()), profiles: Type.Record(Type.String(), Profile) },
  { additionalProperties: false },
)
/** All profiles by name, and which one is used where none is named. */
export type Profiles = Static<typeof Stored>

/** Reads what `writeProfiles` wrote. @throws CliFailure when it is something else. */
export function parseProfiles(text: string, path: string): Profiles {
  const stored = valueOf(text)
  if (Value.Check(Stored, stored)) return stored
  // What is in it is not told: it holds secrets.
  throw usageFailure(
    `${path} does not hold profiles.`,
    'It was changed by hand, or by another version.',
    'Correct it, or move it away and add the profiles again.',
  )
}

function valueOf(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

export const writeProfiles = (profiles: Profiles): string => stringify(profiles)
