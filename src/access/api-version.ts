const versionSegments: ReadonlySet<string> = new Set(['v3', 'beta', 'v2024', 'v2025', 'v2026', 'v2'])

/**
 * The API version that a path belongs to, templated or not: its first segment where that is a version, `cc` for
 * `/cc/api`, `v1` for `/{resource}/v1`, else `other`.
 */
export function versionOf(path: string): string {
  const first = segmentAt(path, 1)
  if (versionSegments.has(first)) return first
  const second = segmentAt(path, first.length + 2)
  if (first === 'cc' && second === 'api') return 'cc'
  return second === 'v1' ? 'v1' : 'other'
}

function segmentAt(path: string, start: number): string {
  const end = path.indexOf('/', start)
  return path.slice(start, end < 0 ? path.length : end)
}
