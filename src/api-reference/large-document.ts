import { entityTag } from '../http/entity-tag.ts'
import type { JsonSchema } from './json-schema.ts'

/** A member of a document that is large and the same for every tenant: its text is made once. */
export interface LargeMember {
  readonly name: string
  readonly text: string
  readonly tag: string
}

/** A document as it is sent. */
export interface DocumentText {
  readonly text: string
  readonly tag: string
}

export function largeMember(name: string, value: unknown): LargeMember {
  const text = JSON.stringify(value)
  return { name, text, tag: entityTag(text) }
}

/** A JSON object of some small members of one tenant, with the large one put in as it is. */
export function documentWith(members: JsonSchema, { name, text, tag }: LargeMember): DocumentText {
  const rest = JSON.stringify(members)
  return { text: `${rest.slice(0, -1)},"${name}":${text}}`, tag: entityTag(rest, tag) }
}
