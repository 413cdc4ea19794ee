import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject, own } from '../document/json-object.ts'

const LIST_LENGTH = 3

/**
 * Makes a list of three of a single item that has an id or a name, each with another one, so that there is something
 * to page through. Any other list is what its author wants it to be.
 */
export function varyItems(items: readonly unknown[]): readonly unknown[] {
  const [item, ...others] = items
  if (!isJsonObject(item) || others.length > 0 || !isDistinguishable(item)) return items
  return Array.from({ length: LIST_LENGTH }, (_, position) => (position === 0 ? item : varyItem(item, position + 1)))
}

function isDistinguishable(item: JsonObject): boolean {
  return typeof own(item, 'name') === 'string' || ['string', 'number'].includes(typeof own(item, 'id'))
}

function varyItem(item: JsonObject, ordinal: number): JsonObject {
  const id = own(item, 'id')
  const name = own(item, 'name')
  return {
    ...item,
    ...(typeof id === 'string' ? { id: varyId(id, ordinal) } : {}),
    ...(typeof id === 'number' ? { id: id + ordinal - 1 } : {}),
    ...(typeof name === 'string' ? { name: `${name} ${ordinal}` } : {}),
  }
}

/** Another id of the same form: of a hexadecimal id or a UUID, the last twelve digits are drawn anew. */
function varyId(id: string, ordinal: number): string {
  if (!/^[0-9a-f-]{20,24}[0-9a-f]{12}$/i.test(id)) return `${id}-${ordinal}`
  const digits = createHash('sha256').update(`${id} ${ordinal}`).digest('hex')
  return id.slice(0, -12) + digits.slice(0, 12)
}
