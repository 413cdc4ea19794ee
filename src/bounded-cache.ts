import { LRUCache } from 'lru-cache'

/**
 * A memory of at most `max` values, the one that was not asked for longest forgotten first. It grows as it is filled:
 * a count given as a size keeps the library from reserving room for all of them at once.
 */
export const boundedCache = <Key extends {}, Value extends {}>(max: number): LRUCache<Key, Value> =>
  new LRUCache<Key, Value>({ maxSize: max, sizeCalculation: () => 1 })
