import { isJsonObject, type JsonObject, own } from './json-object.ts'

const MAX_POINTER_CHARACTERS = 1000
const MAX_HOPS = 32

/** The JSON pointer of a member below another pointer (RFC 6901 §3). */
export function pointerTo(parent: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>((pointer, key) => `${pointer}/${escapeKey(String(key))}`, parent)
}

/**
 * Follows `$ref` within the document to what it stands for, and returns anything else as it is. Undefined where a
 * reference leads out of the document, to nothing or in a circle.
 */
export function followReferences(document: JsonObject, value: unknown): unknown {
  let target = value
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const reference = isJsonObject(target) ? own(target, '$ref') : undefined
    if (reference === undefined) return target
    target = typeof reference === 'string' ? findByReference(document, reference) : undefined
  }
  return undefined
}

function findByReference(document: JsonObject, reference: string): unknown {
  if (reference.length > MAX_POINTER_CHARACTERS || !/^#(\/|$)/.test(reference)) return undefined
  return reference.slice(1).split('/').slice(1).reduce<unknown>(memberOf, document)
}

function memberOf(value: unknown, escapedKey: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const key = unescapeKey(escapedKey)
  if (Array.isArray(value)) return /^\d{1,9}$/.test(key) ? value[Number(key)] : undefined
  return isJsonObject(value) ? own(value, key) : undefined
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** A reference is a URI fragment, so its pointer may be percent-encoded as well (RFC 6901 §6). */
function unescapeKey(key: string): string {
  return decodePercent(key).replaceAll('~1', '/').replaceAll('~0', '~')
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
