/** The parts that our routes are told in: ISC's layouts, our own namespace, and what browsers and OAuth clients use. */
export const layouts = ['sallyport', 'oauth', 'v3', 'beta', 'v2024', 'v2025', 'v2026', 'v1'] as const
export type Layout = (typeof layouts)[number]

/** The part that a route belongs to, by its path. */
export function layoutOf(path: string): Layout {
  const [, first = '', second = ''] = path.split('/', 3)
  const named = layouts.find((layout) => layout === first)
  if (named) return named
  return second === 'v1' ? 'v1' : 'oauth'
}

/** What a route is about: the first segment of its path that is no version. */
export function subjectOf(path: string): string {
  const [, first = '', second = '', third = ''] = path.split('/', 4)
  if (first === 'sallyport') return third
  return second !== '' && layoutOf(path) === first ? second : first
}
