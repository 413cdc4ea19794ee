const DEFAULT_LIMIT = 250
const MAX_LIMIT = 250

/**
 * The part of a list that `limit` and `offset` ask for, with the length of the whole in `x-total-count` if `count` is
 * true. A limit or offset that is no whole number counts as absent.
 */
export function pageOf(
  items: readonly unknown[],
  query: URLSearchParams,
): { items: readonly unknown[]; headers: Readonly<Record<string, string>> } {
  const offset = readCount(query.get('offset')) ?? 0
  const limit = Math.min(readCount(query.get('limit')) ?? DEFAULT_LIMIT, MAX_LIMIT)
  return {
    items: items.slice(offset, offset + limit),
    headers: query.get('count') === 'true' ? { 'x-total-count': String(items.length) } : {},
  }
}

function readCount(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
