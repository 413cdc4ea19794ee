/** The method and the path of a request; nothing else of what it held. */
export interface FoundRequest {
  readonly method: string
  readonly path: string
}

/** A request of a method and an address as people paste it: with variables in front, or in place of ids. */
export function requestOf(method: string, target: string): FoundRequest | undefined {
  const withoutQuery = target.split(/[?#]/, 1)[0] ?? ''
  const rooted = /^[a-z][a-z0-9+.-]*:\/\//i.test(withoutQuery)
    ? withoutQuery.replace(/^[^:]+:\/\/[^/]*/, '')
    : withoutQuery.slice(Math.max(withoutQuery.indexOf('/'), 0))
  const path = rooted
    .split('/')
    .map((segment) => (/^:.|^\$|\{\{.*\}\}|^<.*>$/.test(segment) ? '{id}' : segment))
    .join('/')
  return path.startsWith('/') ? { method: method.toUpperCase(), path } : undefined
}
