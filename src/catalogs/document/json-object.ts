/** An object as a document holds it. Its keys are untrusted: read them with `own`, never with a dot. */
export interface JsonObject {
  readonly [key: string]: unknown
}

/** Is this an object, neither null nor an array? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member of this name that the object itself has; never one of its prototype. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** The list under this name; empty where there is none or it is something else. */
export function ownList(object: JsonObject, key: string): readonly unknown[] {
  const value = own(object, key)
  return Array.isArray(value) ? value : []
}

/** The object under this name; an empty one where there is none or it is something else. */
export function ownObject(object: JsonObject, key: string): JsonObject {
  const value = own(object, key)
  return isJsonObject(value) ? value : {}
}
