/** How large a value may be: how deeply nested, and how heavy. */
export interface WeightLimits {
  readonly maxDepth: number
  readonly maxWeight: number
}

/**
 * The weight of a JSON value: one for each value in it, and one for each character of its texts and names. What is
 * reached in several ways counts each time. Infinity as soon as a limit is passed, so a circle costs no more than that.
 */
export function weigh(value: unknown, { maxDepth, maxWeight }: WeightLimits): number {
  function add(weight: number, part: unknown, depth: number): number {
    const total = weight + 1 + (typeof part === 'string' ? part.length : 0)
    if (total > maxWeight) return Infinity
    if (typeof part !== 'object' || part === null) return total
    if (depth === maxDepth) return Infinity
    return Array.isArray(part) ? addItems(total, part, depth + 1) : addMembers(total, part, depth + 1)
  }

  function addItems(weight: number, items: readonly unknown[], depth: number): number {
    let total = weight
    for (const item of items) {
      total = add(total, item, depth)
      if (total === Infinity) break
    }
    return total
  }

  function addMembers(weight: number, object: object, depth: number): number {
    let total = weight
    for (const [key, member] of Object.entries(object)) {
      total = add(total + key.length, member, depth)
      if (total === Infinity) break
    }
    return total
  }

  return add(0, value, 0)
}
