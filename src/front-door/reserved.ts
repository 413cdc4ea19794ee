/** First segments that are ours on every host, whatever catalogs claim. */
const RESERVED = new Set(['oauth', 'sallyport', '.well-known', 'livez', 'readyz', 'ui', 'login', 'logout', 'sailapps'])

/** True for a path, canonical or templated, that no catalog can claim. */
export const isReserved = (path: string): boolean => RESERVED.has(firstSegmentOf(path))

/** The first segment of a path; empty for the root. */
export function firstSegmentOf(path: string): string {
  const end = path.indexOf('/', 1)
  return end < 0 ? path.slice(1) : path.slice(1, end)
}
