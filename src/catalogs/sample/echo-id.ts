import { isJsonObject, own } from '../document/json-object.ts'

/** A templated path, with the raw values that a request has for its parameters, from left to right. */
export interface MatchedPath {
  readonly path: string
  readonly parameters: readonly string[]
}

/**
 * The value with the id that was asked for: that of the path's parameter `id`, else of a parameter at its end. A value
 * without an id, and one under any other path, stays as it is.
 */
export function echoId(value: unknown, matched: MatchedPath): unknown {
  if (!isJsonObject(value)) return value
  const asked = findAskedId(matched)
  const id = own(value, 'id')
  if (asked === undefined) return value
  if (typeof id === 'string') return { ...value, id: asked }
  return typeof id === 'number' && /^\d{1,15}$/.test(asked) ? { ...value, id: Number(asked) } : value
}

function findAskedId({ path, parameters }: MatchedPath): string | undefined {
  const names = Array.from(path.matchAll(/\{([^{}]*)\}/g), ([, name]) => name)
  const position = path.endsWith('}') && !names.includes('id') ? names.length - 1 : names.indexOf('id')
  const raw = parameters[position]
  return raw === undefined ? undefined : decodePercent(raw)
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
