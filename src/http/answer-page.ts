import type { FastifyReply } from 'fastify'

/** A piece of a collection; `total` only where the caller asked for it. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly total: number | undefined
}

/** The items of a page, as the body of an answer that tells in `X-Total-Count` how many there are in all, if asked. */
export function answerPage<Item>(reply: FastifyReply, { items, total }: Page<Item>): readonly Item[] {
  if (total !== undefined) void reply.header('x-total-count', String(total))
  return items
}

/** The same page with each of its items made into something else. */
export function mapPage<Item, Answer>({ items, total }: Page<Item>, map: (item: Item) => Answer): Page<Answer> {
  return { items: items.map(map), total }
}
