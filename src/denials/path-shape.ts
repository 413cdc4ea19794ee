const WORD = /^(?:[A-Za-z][A-Za-z_-]{0,39}[0-9]?|v[0-9]{1,4})$/
const SEGMENTS_MAX = 8
const PLACEHOLDER = '{}'

/**
 * What may be kept of a path that no operation has: words and versions. Whatever else stands there may be an id, or a
 * secret that somebody pasted in the wrong place, and becomes `{}`.
 */
export function shapeOfPath(path: string): string {
  if (path === '/') return path
  const segments = path.slice(1).split('/')
  const kept = segments.slice(0, SEGMENTS_MAX).map((segment) => (WORD.test(segment) ? segment : PLACEHOLDER))
  return `/${[...kept, ...(segments.length > SEGMENTS_MAX ? ['...'] : [])].join('/')}`
}
