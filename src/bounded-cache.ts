import { LRUCache } from 'lru-cache'

/**
 * A memory of at most `max` values, the one that was not asked for longest forgotten first, of which `onForgotten` is
 * told. It grows as it is filled: a count given as a size keeps the library from reserving room for all of them at once.
 */
export const boundedCache = <Key extends {}, Value extends {}>(
  max: number,
  onForgotten?: (value: Value, key: Key) => void,
): LRUCache<Key, Value> =>
  new LRUCache<Key, Value>({
    maxSize: max,
    sizeCalculation: () => 1,
    ...(onForgotten && { dispose: (value, key, reason) => void (reason === 'evict' && onForgotten(value, key)) }),
  })
