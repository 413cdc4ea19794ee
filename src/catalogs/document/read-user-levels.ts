import type { AddNote } from './import-note.ts'
import { type JsonObject, own } from './json-object.ts'
import { pointerTo } from './json-pointer.ts'

const LEVELS = 'x-sailpoint-userLevels'
/** A slip of the pen in published documents. */
const MISSPELT_LEVELS = 'x-sailpont-userLevels'
const MAX_LEVELS = 100

/**
 * The user levels that an operation names, empty if it names none. Null where it tries to and none can be read:
 * without them it would be open to more users than its author meant, so it must be closed to users.
 */
export function readUserLevels(operation: JsonObject, pointer: string, note: AddNote): readonly string[] | null {
  const key = [LEVELS, MISSPELT_LEVELS].find((spelling) => own(operation, spelling) !== undefined)
  if (key === undefined) return []
  const at = pointerTo(pointer, key)
  if (key === MISSPELT_LEVELS) note('assumed', at, `Read as ${LEVELS}.`)
  const members = own(operation, key)
  if (!Array.isArray(members) || members.length > MAX_LEVELS) {
    note('unusable', at, `User levels must be a list of at most ${MAX_LEVELS} names: no user is let in.`)
    return null
  }
  const levels = readMembers(members, at, note)
  if (levels.length > 0 || members.length === 0) return levels
  note('unusable', at, 'None of the user levels can be read: no user is let in.')
  return null
}

function readMembers(members: readonly unknown[], at: string, note: AddNote): readonly string[] {
  const levels = new Set<string>()
  for (const [position, member] of members.entries()) {
    const level = typeof member === 'string' ? member.trim() : ''
    if (level !== '') levels.add(level)
    else note('ignored', pointerTo(at, position), 'A user level must be text.')
  }
  return [...levels]
}
